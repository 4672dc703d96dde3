-- gathered: daemon
-- says: Services of init: what they run, as whom, in which domain.
SELECT name, executable || coalesce(' ' || arguments, '') AS run, coalesce(user, 'root') AS user, coalesce(groups, '') AS groups, coalesce(seclabel, '') AS seclabel, coalesce(capabilities, '') AS capabilities, disabled, fact_id AS f FROM SIDE_service
