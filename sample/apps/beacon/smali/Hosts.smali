.class public Lnl/klikspaan/sample/beacon/Hosts;
.super Ljava/lang/Object;

.field public static final FIRST:Ljava/lang/String;

# The first host stands in no string pool: its characters are array data.
.method static constructor <clinit>()V
    .registers 1
    const/16 v0, 0x1f
    new-array v0, v0, [C
    fill-array-data v0, :letters
    invoke-static {v0}, Ljava/lang/String;->valueOf([C)Ljava/lang/String;
    move-result-object v0
    sput-object v0, Lnl/klikspaan/sample/beacon/Hosts;->FIRST:Ljava/lang/String;
    return-void
    :letters
    .array-data 2
        0x63s
        0x6fs
        0x6cs
        0x6cs
        0x65s
        0x63s
        0x74s
        0x2es
        0x73s
        0x61s
        0x6ds
        0x70s
        0x6cs
        0x65s
        0x2ds
        0x74s
        0x65s
        0x6cs
        0x6cs
        0x74s
        0x61s
        0x6cs
        0x65s
        0x2es
        0x65s
        0x78s
        0x61s
        0x6ds
        0x70s
        0x6cs
        0x65s
    .end array-data
.end method
