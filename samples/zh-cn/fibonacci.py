# 哪些词元让模型预期这个名字的余下部分？选中这个函数，或者全部选中（Ctrl+A），然后按
# Ctrl+K Ctrl+G（Mac 上是 Cmd+K Cmd+G）。在末尾运行“Whytoken: 生成”可接着写。


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fib