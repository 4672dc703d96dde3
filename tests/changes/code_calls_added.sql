-- gives: low more
-- says: com.maker.tool calls at least 1 methods of the platform that nothing in it called: java.net.Socket.connect(Ljava/net/SocketAddress;)V
-- before

-- after

-- compared
INSERT INTO code_change(app, what, old_class, new_class, method, value, only_here, mark, old_fact, new_fact) VALUES('com.maker.tool', 'platform_call_added', 'a.B', 'a.B', 'm()V', 'java.net.Socket.connect(Ljava/net/SocketAddress;)V', 1, 'network', printf('%032x', 340), printf('%032x', 341));
INSERT INTO code_match(app, state, left_out) VALUES('com.maker.tool', 'compared', 12);
