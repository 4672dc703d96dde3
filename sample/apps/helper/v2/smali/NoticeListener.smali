.class public Lnl/klikspaan/sample/helper/NoticeListener;
.super Landroid/service/notification/NotificationListenerService;

.method public constructor <init>()V
    .registers 1
    invoke-direct {p0}, Landroid/service/notification/NotificationListenerService;-><init>()V
    return-void
.end method

.method public onNotificationPosted(Landroid/service/notification/StatusBarNotification;)V
    .registers 5
    invoke-virtual {p1}, Landroid/service/notification/StatusBarNotification;->getNotification()Landroid/app/Notification;
    move-result-object v0
    iget-object v0, v0, Landroid/app/Notification;->extras:Landroid/os/Bundle;
    const-string v1, "android.text"
    invoke-virtual {v0, v1}, Landroid/os/Bundle;->getCharSequence(Ljava/lang/String;)Ljava/lang/CharSequence;
    move-result-object v0
    invoke-static {v0}, Ljava/lang/String;->valueOf(Ljava/lang/Object;)Ljava/lang/String;
    move-result-object v0
    const-string v1, "notice"
    invoke-static {v1, v0}, Landroid/util/Log;->i(Ljava/lang/String;Ljava/lang/String;)I
    invoke-static {p0}, Lnl/klikspaan/sample/helper/CallHistory;->count(Landroid/content/Context;)I
    return-void
.end method
