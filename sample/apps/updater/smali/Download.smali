.class public Lnl/klikspaan/sample/updater/Download;
.super Ljava/lang/Object;

# Over plain HTTP, and nothing of what arrives is checked.
.method public static fetch(Ljava/lang/String;Ljava/lang/String;)Ljava/io/File;
    .registers 7
    new-instance v0, Ljava/net/URL;
    invoke-direct {v0, p0}, Ljava/net/URL;-><init>(Ljava/lang/String;)V
    invoke-virtual {v0}, Ljava/net/URL;->openStream()Ljava/io/InputStream;
    move-result-object v0
    new-instance v1, Ljava/io/FileOutputStream;
    invoke-direct {v1, p1}, Ljava/io/FileOutputStream;-><init>(Ljava/lang/String;)V
    const/16 v2, 0x2000
    new-array v2, v2, [B
    :again
    invoke-virtual {v0, v2}, Ljava/io/InputStream;->read([B)I
    move-result v3
    if-lez v3, :all
    const/4 v4, 0x0
    invoke-virtual {v1, v2, v4, v3}, Ljava/io/OutputStream;->write([BII)V
    goto :again
    :all
    invoke-virtual {v0}, Ljava/io/InputStream;->close()V
    invoke-virtual {v1}, Ljava/io/OutputStream;->close()V
    new-instance v0, Ljava/io/File;
    invoke-direct {v0, p1}, Ljava/io/File;-><init>(Ljava/lang/String;)V
    return-object v0
.end method
