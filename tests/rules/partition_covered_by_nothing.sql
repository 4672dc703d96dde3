-- fires
UPDATE avb_coverage SET verified = 0, uncovered = 4096 WHERE partition = 'system';
-- quiet: a partition of another processor
UPDATE avb_coverage SET verified = 0, uncovered = 4096, partition = 'modem' WHERE partition = 'system';
