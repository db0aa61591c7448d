"""Chinese: small stories, dialogues, facts, and words with their English; short sentences, so that they can be continued."""

from __future__ import annotations

from kinds.grammar import Rng

NAMES = "小明 小红 小华 小丽 小刚 王芳 李雷 张伟 刘洋 陈静 杨帆 赵敏 周杰 吴桐 林涛 黄磊 何云 高山 马丽 朱军".split()
THINGS = "书 球 钥匙 信 蛋糕 地图 灯 杯子 盒子 帽子 手表 风筝 伞 相机 自行车 铅笔 苹果 衣服 电话 礼物".split()
PLACES = "公园 学校 图书馆 商店 火车站 医院 博物馆 饭店 海边 河边 花园 厨房 办公室 动物园 市场 教室".split()
FOODS = "米饭 面条 饺子 苹果 西瓜 面包 鸡蛋 牛奶 茶 咖啡 鱼 豆腐 包子 香蕉".split()
PETS = "小狗 小猫 兔子 小鸟 乌龟 金鱼 小马".split()
JOBS = "老师 医生 司机 农民 工人 画家 作家 厨师 护士 学生 工程师".split()
DAYS = "星期一 星期二 星期三 星期四 星期五 星期六 星期天".split()
COLOURS = "红色 蓝色 绿色 黄色 白色 黑色 紫色".split()
FEELINGS = "高兴 难过 生气 害怕 累 饿 开心 着急".split()
NUMBERS = "一 二 三 四 五 六 七 八 九 十".split()
CAPITALS = "中国:北京 法国:巴黎 英国:伦敦 日本:东京 德国:柏林 意大利:罗马 西班牙:马德里 俄罗斯:莫斯科 美国:华盛顿 韩国:首尔 埃及:开罗 泰国:曼谷 越南:河内 加拿大:渥太华 澳大利亚:堪培拉 印度:新德里 波兰:华沙 希腊:雅典 瑞典:斯德哥尔摩 挪威:奥斯陆".split()
ENGLISH = "书:book 水:water 猫:cat 狗:dog 房子:house 学校:school 朋友:friend 老师:teacher 苹果:apple 太阳:sun 月亮:moon 火:fire 山:mountain 河:river 天空:sky 花:flower 鱼:fish 鸟:bird 手:hand 名字:name 时间:time 城市:city 国家:country 语言:language 你好:hello 谢谢:thank+you 再见:goodbye".split()
OPPOSITES = "大:小 高:低 长:短 快:慢 新:旧 好:坏 冷:热 黑:白 多:少 远:近 左:右 早:晚 开:关 轻:重".split()

STORIES = [block.strip().split("\n") for block in """
[有一天|今天|昨天]，{a}[去|走到|来到]{p}。
{a}[找不到|丢了]{h}的{t}，[非常|很|有点]{f}。
{b}[问|说]：“[你怎么了|发生了什么事|你在找什么]？”{a}说：“我的{t}不见了。”
“[别着急|没关系]，我[帮你找|和你一起找]。”{b}说。
[后来|最后]，{b}在{p2}[找到了|看到了]那[个|件]{c}的{t}。
{a}[高兴地|笑着]说：“谢谢你，{b}！”
###
{a}家里有一只{pet}，[名字叫|叫]{pn}。{pn}[喜欢|爱]吃{food}。
每天[早上|晚上]，{a}都带{pn}去{p}。
[有一天|{d}]，{pn}[跑了|不见了]，{a}很{f}。
{a}[到处找|问了很多人]。{b}说：“我[刚才|昨天]在{p2}看见了{pn}。”
{a}[跑到|赶到]{p2}，{pn}[就在那里|正在睡觉|在等{h}]。
###
{a}是[一名|一个]{j}，住在{city}。
{a}每天[早上|上午]{n}点去{p}[工作|上班]。
{d}，{a}在{p}[遇见了|见到了]{b}。{b}是{h}的[老朋友|同学|邻居]。
他们一起[吃了{food}|喝了茶|去了{p2}]，[说了很多话|谈了很久]。
{b}说：“[下次再见|我们{d}再见]。”{a}说：“[好的|好]，再见！”
###
{a}想学[游泳|画画|唱歌|骑自行车|做饭|下棋]，[可是|但是]{h}不会。
{b}说：“[我来教你|不要放弃|慢慢来]。”
{a}每天都[练习|学习]。[开始的时候|一开始]很难，{a}很{f}。
过了{n}个月，{a}[终于学会了|做得很好]。
{b}说：“[你真棒|我知道你可以]！”
###
今天[天气很好|下雨了|下雪了|很冷|很热]。{a}和{b}[去{p}|在{p}]玩。
他们[看到了|买了]{c}的{t}，[还|又]吃了{food}。
{a}[问|说]：“[你喜欢吗|好吃吗|好看吗]？”{b}[说|回答]：“[很喜欢|很好|非常好]！”
[晚上|下午]，他们[一起|高高兴兴地]回家了。
""".split("###")]

DIALOGUES = [[line.split(" / ") for line in block.strip().split("\n")] for block in """
你好，{b}！ / 你好，{a}！
你[今天|{d}]去哪里？ / 我去{p}。
你去{p}做什么？ / 我去[买{t}|见朋友|吃{food}|工作]。
再见！ / 再见！
###
请问，{p}在哪里？ / {p}在{p2}的[旁边|后面|前面|对面]。
远吗？ / [不远|很远]，[走路|坐车]要{n}分钟。
谢谢你！ / 不客气。
###
你叫什么名字？ / 我叫{b}。你呢？
我叫{a}。你是[学生|老师]吗？ / [不是|是的]，我是{j}。
你喜欢吃什么？ / 我喜欢吃{food}。
你住在哪里？ / 我住在{city}。
###
这[个|件]{t}多少钱？ / {n}块钱。
[太贵了|很便宜]。有{c}的吗？ / 有，在[这里|那里]。
好，我要这个。 / 好的，一共{n}块钱。
""".split("###")]


def fill(r: Rng, text: str, slots: dict[str, str]) -> str:
    while "[" in text:
        start = text.rindex("[")
        end = text.index("]", start)
        text = text[:start] + r.choice(text[start + 1 : end].split("|")) + text[end + 1 :]
    return text.format_map(slots)


def slots_of(r: Rng) -> dict[str, str]:
    a, b, pn = r.sample(NAMES, 3)
    p, p2 = r.sample(PLACES, 2)
    return {
        "a": a, "b": b, "pn": pn, "p": p, "p2": p2, "t": r.choice(THINGS), "food": r.choice(FOODS), "pet": r.choice(PETS), "j": r.choice(JOBS), "d": r.choice(DAYS), "c": r.choice(COLOURS),
        "f": r.choice(FEELINGS), "n": r.choice(NUMBERS), "h": r.choice("他她"), "city": r.choice(CAPITALS).split(":")[1],
    }


def facts(r: Rng) -> str:
    lines = []
    for _ in range(r.randint(3, 7)):
        c, k = r.choice(CAPITALS).split(":")
        w, e = r.choice(ENGLISH).split(":")
        x, y = r.choice(OPPOSITES).split(":")
        i = r.randrange(7)
        lines.append(r.choice((
            f"{c}的首都是{k}。", f"{c}的首都是{k}。", f"{k}是{c}的首都。", f"{k}在{c}。", f"“{w}”的英文是“{e.replace('+', ' ')}”。", f"{w}: {e.replace('+', ' ')}", f"“{x}”的反义词是“{y}”。",
            f"今天是{DAYS[i]}，明天是{DAYS[(i + 1) % 7]}。", f"问：{c}的首都是哪里？\n答：{k}。", "一年有十二个月。", "一个星期有七天。", "太阳从东边升起。", "、".join(NUMBERS) + "。",
        )))
    return r.choice(("", "\n")).join(lines) if not any(": " in x for x in lines) else "\n".join(lines)


def chinese(r: Rng) -> str:
    pick = r.random()
    if pick < 0.25:
        return facts(r)
    slots = slots_of(r)
    if pick < 0.75:
        return "".join(fill(r, line, slots) for line in r.choice(STORIES))
    return "\n".join(f"{slots['a']}：{fill(r, q, slots)}\n{slots['b']}：{fill(r, a, slots)}" for q, a in r.choice(DIALOGUES))
