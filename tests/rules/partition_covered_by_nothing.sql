-- fires
-- A structure behind an image covers nothing of the image.
UPDATE avb_coverage SET verified = 0, structure = 2048, uncovered = 2048 WHERE partition = 'system';
-- quiet: a partition of another processor
UPDATE avb_coverage SET verified = 0, uncovered = 4096, partition = 'modem' WHERE partition = 'system';
