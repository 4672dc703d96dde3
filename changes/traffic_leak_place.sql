-- change: traffic_leak_place
-- theme: network
-- effect: other
-- severity: info
-- title.en: An identifier of the owner goes to a host at another place in its messages
-- title.nl: Een identificatie van de eigenaar gaat op een andere plaats in berichten naar een host
-- says.en: {name} was seen to go to {recipient} on both sides; {old_places} places of it are not seen any more, {new_places} were not seen before
-- says.nl: {name_nl} is aan beide kanten gezien op weg naar {recipient}; {old_places} plaatsen ervan worden niet meer gezien, {new_places} werden eerder niet gezien
-- why.en: The place, the encodings and the form (such as a digest) tell how it is sent. Elements of one list count as one place.
-- why.nl: De plaats, de coderingen en de vorm (zoals een controlegetal) zeggen hoe het gestuurd wordt. Elementen van één lijst tellen als één plaats.
-- limits: What is not in a capture was not seen; it may still have been sent by another way, at another time, or where it could not be seen into.
SELECT p.about || ' ' || p.recipient AS subject, p.name AS name, p.name_nl AS name_nl, p.recipient AS recipient, count(*) FILTER (WHERE p.verdict = 'gone') AS old_places, count(*) FILTER (WHERE p.verdict = 'new') AS new_places,
       (SELECT group_concat(place, ', ') FROM (SELECT q.place FROM traffic_data q WHERE q.what = 'leak' AND q.level = 'place' AND q.verdict = 'gone' AND q.about = p.about AND q.recipient = p.recipient ORDER BY q.place LIMIT 5)) AS before,
       (SELECT group_concat(place, ', ') FROM (SELECT q.place FROM traffic_data q WHERE q.what = 'leak' AND q.level = 'place' AND q.verdict = 'new' AND q.about = p.about AND q.recipient = p.recipient ORDER BY q.place LIMIT 5)) AS after,
       min(p.old_fact) AS before_fact, min(p.new_fact) AS after_fact
FROM traffic_data p JOIN traffic_data h ON h.what = 'leak' AND h.level = 'host' AND h.about = p.about AND h.recipient = p.recipient
WHERE p.what = 'leak' AND p.level = 'place' AND p.verdict IN ('new', 'gone') AND h.verdict IN ('same', 'volume') GROUP BY p.about, p.recipient
