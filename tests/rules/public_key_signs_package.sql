-- fires
UPDATE package SET signer = 'public' WHERE package_id = 13;
-- quiet: AOSP's own prebuilt, and the tag test-keys on a build with a key of its own
UPDATE package SET signer = 'public', name = 'com.android.cts.ctsshim' WHERE package_id = 13;
UPDATE build SET tags = 'test-keys';
