-- change: policy_not_compared
-- theme: selinux
-- effect: other
-- severity: low
-- title.en: Rules of SELinux could not be compared
-- title.nl: Regels van SELinux konden niet vergeleken worden
-- says.en: {policy}: {reason}
-- says.nl: {policy}: {reason_nl}
-- why.en: What was not compared may have changed unseen.
-- why.nl: Wat niet vergeleken is kan ongezien veranderd zijn.
-- words: after
SELECT policy || ' ' || reason AS subject, policy, reason, CASE reason WHEN 'the old build has no policy in this place' THEN 'de oude build heeft op deze plek geen beleid' WHEN 'the new build has no policy in this place' THEN 'de nieuwe build heeft op deze plek geen beleid'
            WHEN 'its rules in the case are damaged' THEN 'de regels ervan in de case zijn beschadigd' WHEN 'too many rules differ to look at all' THEN 'er verschillen te veel regels om alle te bekijken' WHEN 'more new rules than are listed' THEN 'er zijn meer nieuwe regels dan er genoemd zijn'
            WHEN 'more new members of groups than are listed' THEN 'er zijn meer nieuwe leden van groepen dan er genoemd zijn' ELSE reason END AS reason_nl, 'not compared whole' AS after, old_fact AS before_fact, new_fact AS after_fact
FROM policy_not_compared
