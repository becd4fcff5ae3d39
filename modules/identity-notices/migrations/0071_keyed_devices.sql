-- Devices are hashed with a key of the server from now on. Those hashed without it would all be new, and be told of.

DELETE FROM identity_known_device;
