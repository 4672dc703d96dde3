.class public Lnl/klikspaan/sample/telltale/AgentService;
.super Landroid/app/Service;

.method public constructor <init>()V
    .registers 1
    invoke-direct {p0}, Landroid/app/Service;-><init>()V
    return-void
.end method

.method public onBind(Landroid/content/Intent;)Landroid/os/IBinder;
    .registers 3
    const/4 v0, 0x0
    return-object v0
.end method

# Connects to the root daemon that init starts: socket sample_agent in vendor/etc/init/sample_agent.rc.
.method public onStartCommand(Landroid/content/Intent;II)I
    .registers 8
    :try_start
    new-instance v0, Landroid/net/LocalSocket;
    invoke-direct {v0}, Landroid/net/LocalSocket;-><init>()V
    new-instance v1, Landroid/net/LocalSocketAddress;
    const-string v2, "sample_agent"
    sget-object v3, Landroid/net/LocalSocketAddress$Namespace;->RESERVED:Landroid/net/LocalSocketAddress$Namespace;
    invoke-direct {v1, v2, v3}, Landroid/net/LocalSocketAddress;-><init>(Ljava/lang/String;Landroid/net/LocalSocketAddress$Namespace;)V
    invoke-virtual {v0, v1}, Landroid/net/LocalSocket;->connect(Landroid/net/LocalSocketAddress;)V
    invoke-virtual {v0}, Landroid/net/LocalSocket;->close()V
    :try_end
    .catch Ljava/io/IOException; {:try_start .. :try_end} :failed
    :done
    const/4 v0, 0x1
    return v0
    :failed
    move-exception v0
    goto :done
.end method
