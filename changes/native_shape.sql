-- change: native_shape
-- theme: code
-- effect: more
-- severity: medium
-- title.en: A native file can hide code better than before
-- title.nl: Een native bestand kan code beter verbergen dan voorheen
-- says.en: {path} {says}
-- says.nl: {path} {says_nl}
-- why.en: Code that is unpacked or rewritten while it runs cannot be read in the file.
-- why.nl: Code die tijdens het draaien wordt uitgepakt of herschreven is niet in het bestand te lezen.
SELECT path || ' ' || what AS subject, path, CASE what WHEN 'writable_code' THEN 'has memory that is writable and executable' ELSE 'holds ' || after || ' bytes as dense as encrypted ones, and held ' || before END AS says,
       CASE what WHEN 'writable_code' THEN 'heeft geheugen dat beschrijfbaar en uitvoerbaar is' ELSE 'bevat ' || after || ' bytes zo dicht als versleutelde, en dat waren er ' || before END AS says_nl,
       before, after, CASE what WHEN 'writable_code' THEN 'medium' ELSE 'low' END AS severity, 20 AS weight, old_fact AS before_fact, new_fact AS after_fact
FROM native_change WHERE what IN ('writable_code', 'entropy')
