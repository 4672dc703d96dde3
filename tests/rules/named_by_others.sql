-- fires
INSERT INTO needed_package(package_id, named_by, kind, fact_id) VALUES(10, 11, 'code', printf('%032x', 900)), (10, 12, 'code', printf('%032x', 901)), (10, 13, 'overlay', printf('%032x', 902));
-- quiet: by one file three times
INSERT INTO needed_package(package_id, named_by, kind, fact_id) VALUES(10, 11, 'code', printf('%032x', 900)), (10, 11, 'code', printf('%032x', 901)), (10, 11, 'overlay', printf('%032x', 902));
