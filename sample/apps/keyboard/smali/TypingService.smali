.class public Lnl/klikspaan/sample/keyboard/TypingService;
.super Landroid/inputmethodservice/InputMethodService;

.method public constructor <init>()V
    .registers 1
    invoke-direct {p0}, Landroid/inputmethodservice/InputMethodService;-><init>()V
    return-void
.end method

.method public onKeyDown(ILandroid/view/KeyEvent;)Z
    .registers 6
    const-string v0, "typed"
    invoke-virtual {p2}, Landroid/view/KeyEvent;->toString()Ljava/lang/String;
    move-result-object v1
    invoke-static {v0, v1}, Landroid/util/Log;->i(Ljava/lang/String;Ljava/lang/String;)I
    invoke-super {p0, p1, p2}, Landroid/inputmethodservice/InputMethodService;->onKeyDown(ILandroid/view/KeyEvent;)Z
    move-result v0
    return v0
.end method
