"""Stories in simple English: an opening, a plot told in a few turns, small details between them, and an end."""

from __future__ import annotations

from kinds.grammar import Rng, expand
from kinds.words import cast

OPENINGS = """
[Once upon a time|Long ago|Many years ago], there [was|lived] a [little|young|small|clever|kind|brave|shy] [girl|boy|child|{job}] named {a}. {a} lived in a [small|quiet|little|big] [house|village|town] near the {out}.
One {weather} {time}, {a} [went to|walked to|ran to|was in] the {out} with {hers} [friend|{kin}|{pet}].
{a} was {age} years old and loved [to {skill}|the {out}|{hers} {pet}|{hers} {kin} very much|old stories].
It was a {weather} {time}, and {a} was [at home|in the {inside}|on {hers} way to the {out}|very {bad}|very {good}].
On {day}, {a} and {b} [met|were playing|had nothing to do|sat together] in the {out}.
{a} had a [best friend|good friend|new friend] [named|called] {b}. [Every day|Every {day}|After school|In the summer], they [played {game}|went to the {out}|talked for hours].
In a [small|little|far|quiet] [town|village] by the {out}, there was a {job} named {a}. Everyone [liked|knew|loved] {a} because {she} was [kind|funny|honest|always helpful].
{a} and {hers} {kin} lived [by the {out}|in a small house|at the end of the street]. They [had a {colour} door|did not have much money|had a {pet} named {petname}|were very happy there].
""".strip().split("\n")

#: Each plot is a list of turns, each turn one of several sentences.
PLOTS = [plot.strip().split("\n") for plot in """
[One day|That {time}|Then], {a} could not find {hers} {colour} {thing}. {she} [looked|searched] everywhere.
{a} looked {spot}, but the {thing} was not there. [Then {she} looked {spot2}.|{she} was very {bad}.|"Where is my {thing}?" {she} asked.]
{b} saw that {a} was [sad|upset|worried]. "[What is wrong|What happened|Why are you sad], {a}?" [asked|said] {b}. "I lost my {thing}," said {a}.
"[Do not worry|I will help you|Let us look together]," said {b}. [Together they|They both] [looked|searched] in the {inside} and in the {out}.
[At last|Finally|After a long time], {b} [found|saw] the {thing} {spot}. "[Here it is|Look|I found it], {a}!" {she2} said.
{a} was so {good}. "Thank you, {b}!" {she} said and [hugged {b}|smiled|took the {thing}].
###
[In the {out}|On the way|Near the {out}], {a} saw a [small|little|tiny] {wild}. The {wild} was [hurt|stuck|lost|very hungry|all alone].
"[Poor|Oh, poor|Hello,] little {wild}," said {a}. "[Do not be afraid|I will help you|Where is your home]?" The {wild} looked at {a} with [big|sad|bright] eyes.
{a} gave the {wild} [some water|a piece of {food}|some bread] and [waited|sat down next to it|spoke softly].
{a} [carried|took] the {wild} to {b}, [who was a {job}|who knew a lot about animals|who lived nearby]. {b} [washed its leg|looked at its foot|gave it some milk].
After {n} days, the {wild} was [well|strong|healthy] again. {a} and {b} took it back to the {out}.
The {wild} [turned around|looked back] one more time and [ran|went] home. {a} was [a little sad, but also {good}|{good}].
###
{a} wanted to [learn to {skill}|{skill}], but {she} did not know how. {she} tried and [failed|fell|made a mistake] again and again.
"I can not do it," said {a}. {she} felt {bad}. "[Try again|Do not give up|It takes time]," said {b}. "[I was bad at it too|Nobody learns it in a day|I can show you]."
[Every day|Every morning|Each evening], {b} [came to the {out}|came to help|sat with {a}] and {a} [tried|practiced] [for an hour|again|a little more].
At first it was [hard|very hard|not easy]. But [slowly|day by day|little by little], {a} got better.
[One {weather} {time}|On {day}|After {n} weeks], {a} could {skill} [without help|all by {her}self|very well]. "[Look|See], {b}!" {she} [called|shouted]. "I can do it!"
{b} was [proud|happy|glad]. "[I knew you could do it|Well done, {a}|You never gave up]," {she2} said.
###
{a} [had|brought|took] a {food} [for lunch|in {hers} bag|and sat down to eat]. {b} had [nothing to eat|forgotten {hers2} lunch|only a small {food2}].
{b} looked at the {food} and said nothing. {a} saw that {b} was hungry.
At first, {a} [wanted to eat it all|did not want to share|thought about it]. Then {she} [looked at {b}|thought of {hers} {kin}|felt sorry].
"[Do you want half|Would you like some|Let us share it], {b}?" asked {a}. "Yes, please," said {b}.
{a} [cut|broke] the {food} into two pieces and gave one to {b}. They ate [together|in the {out}|under a tree] and [laughed|talked].
[The next day|On {day}], {b} brought [two {food2}s|a big {food2}|something special]. "This is for you, {a}," said {b}, "because you shared with me."
###
Suddenly, [dark clouds came|the sky turned black|the wind began to blow|it began to rain]. {a} and {b} were far from home.
"[I am scared|What should we do|I want to go home]," said {b}. {a} [took {b} by the hand|looked around|was scared too, but did not say it].
"[Look, there is|I see|Over there is] a~ [small|old|little] [house|barn|hut] near the {out}," said {a}. "We can wait there."
They ran as fast as they could. Inside, it was [dry|warm|dark but dry]. There was an old [{thing}|chair|lamp] {spot}.
They waited and told each other [stories|jokes|secrets]. The rain [fell on the roof|did not stop for {n} hours|was very loud].
When the storm was over, [the sun came out|there was a rainbow|the air smelled fresh]. They walked home, and {hers} {kin} [was waiting at the door|gave them hot soup|was so happy to see them].
###
It was {hers} birthday, and {a} [was waiting for {b}|could not wait|woke up early]. {b} wanted to give {a} [a special gift|something nice|a surprise].
{b} did not have [much money|any money]. So {she2} [decided to make|made] a {colour} {thing} [with {hers2} own hands|out of wood|out of paper].
It was not easy. {b} worked [all night|for {n} days|in the {inside} until it was late].
When {a} opened the box, {she} saw the {thing}. "[Did you make this|Is this for me|Oh, it is beautiful]?" asked {a}.
"[Yes|Yes, I made it for you|I hope you like it]," said {b}. {a} held the {thing} and [smiled|did not know what to say|her eyes were wet].
[Later|In the evening|After that], they ate {dish} and played {game} until it was dark.
###
{a} broke the {colour} {thing} that belonged to {b}. It fell [on the floor|from the table] and [broke into pieces|made a loud noise].
{a} was afraid. "[Nobody saw it|Maybe I can hide it|What will {b} say]," {she} thought. {she} put the pieces {spot}.
[That evening|Later|Soon], {b} asked, "Where is my {thing}?" {a} [looked at the floor|did not answer|said, "I do not know."]
But {a} could not sleep. [In the morning|The next day], {she} went to {b} and told the truth. "I broke your {thing}. I am sorry."
{b} was quiet for a moment. "[Thank you for telling me|I was angry, but now I am not|It is only a {thing}]," said {b}. "[We can fix it|The truth is more important|Let us make a new one]."
{a} [felt much better|promised to be careful|helped {b} to fix it]. From then on, {a} always told the truth.
###
{a} planted [a seed|{n} seeds|a small tree] in the garden. "[Grow|Please grow], little seed," {she} said. Every morning {she} gave it water.
[For many days|For a week|For a long time], nothing happened. {b} laughed and said, "[Nothing will grow there|You are wasting your time|It is too cold]."
But {a} [did not give up|waited|was patient]. [One morning|On {day}], there was a small green leaf.
The plant grew and grew. It had [{colour} flowers|big leaves|sweet fruit]. [Even|Now even] {b} came to look at it.
"[You were right|I am sorry that I laughed|It is beautiful], {a}," said {b}. {a} gave {b} [a flower|a fruit|some seeds].
Now {b} has a garden too, and they [help each other|talk about plants every day|share the fruit].
###
One night, {a} heard a [strange|loud|soft] noise. It came from the {inside}. {she} [sat up|pulled the blanket over {hers} head|held {hers} breath].
"[Is it a ghost|Is it a thief|What is that]?" {she} whispered. {she} woke {b}, and they [took a lamp|lit a candle|walked on their toes].
Step by step, they went to the {inside}. The noise came again. [{b} was shaking|{a} was very scared|It was so dark].
{a} opened the door. There, {spot}, was [a small {pet}|a little {wild}|{petname} the {pet}], [eating a {food}|playing with the {thing}|looking at them].
They began to laugh. "[You scared us|So it was you|It is only you], little [one|friend]!" said {b}.
They gave it [some milk|a piece of {food2}|a warm place to sleep] and went back to bed.
###
There was a [race|contest|big game] in the village. {a} [wanted to win|practiced every day|was very fast]. {b} was slower, but {she2} [did not mind|also wanted to try|loved to run].
"I will win," said {a}. "[I am the fastest|You are too slow, {b}|Nobody can beat me]." {b} only smiled.
The race began. {a} ran [far ahead|like the wind]. But near the {out}, {a} [stopped to rest|fell over a stone|sat down to eat a {food}].
{b} [came along|saw {a}|ran past]. [{b} stopped and helped {a} to stand up|{b} did not stop and ran on|"Are you all right?" asked {b}].
[In the end|At the finish], [{b} won the race|they crossed the line together|{b} was first]. Everyone [cheered|clapped|was surprised].
"[You were right to keep going|I was too proud|Well done], {b}," said {a}. {a} had learned [something|a lesson] that day.
###
{a} and {hers} family moved to a new [town|house|city]. {a} did not know anyone there. {she} missed {hers} old friends.
[At the new school|In the new street|On the first day], {a} sat alone. [Nobody spoke to {her}|{she} felt {bad}|{she} looked out of the window].
Then [a girl|a boy|someone] came and said, "Hello, I am {b}. [Do you want to play {game}|Can I sit here|What is your name]?"
"My name is {a}," {she} said. "[I like {game}|Yes, please|I am new here]." {b} [sat down|smiled|showed {her} the {inside}].
They found out that they both liked [{dish}|{game}|to {skill}|{pet}s]. They [talked and talked|laughed a lot|played until it was dark].
When {a} came home, {she} said, "[I have a friend|I like it here|Today was a good day]." {hers} {kin} was glad.
###
{a} wanted to make {dish}. {she} [went to the {inside}|asked {b} for help|took a big bowl]. "First we need [flour|eggs|water|salt]," said {b}.
They mixed [the flour and the eggs|everything|the sugar and the milk] in a bowl. [Flour was everywhere|{a} had flour on {hers} nose|The {pet} watched them].
"[Oh no|Wait], I forgot the [sugar|salt|eggs]," said {a}. {b} laughed. "[It is not too late|We can add it now|That is all right]."
They put it [in the oven|on the stove] and waited. Soon the [whole house|{inside}] smelled [wonderful|good|sweet].
When it was ready, they [tasted it|sat down at the table|cut it into {n} pieces]. It was [delicious|a little burned, but good|the best {dish} in the world].
{a} took some of it to {hers} {kin}, who [ate it all|asked for more|was very pleased].
###
On the street, {a} found a [purse|wallet|small bag] full of money. There was a name in it: {b}.
"[I could buy a {thing}|That is a lot of money|Nobody would know]," thought {a}. {she} thought about it for a long time.
Then {a} asked [people in the street|the {job}|everyone], "Do you know {b}?" [At last|Finally], [someone said|an old woman said], "{b} lives near the {out}."
{a} went there and knocked. "Is this yours?" {a} asked. {b} [could not believe it|began to cry|was so {good}]. "Yes! I thought it was gone."
"You are an honest [person|child]," said {b} and gave {a} a {colour2} {thing}. "[Please take this|This is for you|Thank you, {a}]."
{a} walked home with the {thing} and felt [warm inside|light and {good}|better than ever].
###
{a} and {b} [had a fight|were angry at each other]. {a} said that the {thing} was {hers}, and {b} said that it was not.
[They did not talk for {n} days|They did not say a word|{b} went home]. {a} sat in the {inside} and was {bad}. [The {thing} was no fun alone|{she} missed {b}].
{hers} {kin} asked, "[What is more important|What do you want more], the {thing} or your friend?" {a} thought about it.
{a} took the {thing} and went to {b}. "[You can have it|Let us share it|I am sorry], {b}," {she} said.
"I am sorry too," said {b}. "[You can have it on Monday, and I can have it on Tuesday|Let us play together|I do not need it]."
And so they were friends again, and they [played {game}|laughed|went to the {out}] as before.
###
One day {a} met a [talking {wild}|very old {wild}|{wild} with a {colour} hat]. "[Good morning|Hello], {a}," said the {wild}. {a} was so surprised that {she} [dropped the {thing}|could not speak].
"[I will give you one wish|I need your help|I have lost my {thing}]," said the {wild}. "[But you must be quick|Will you help me|Can you come with me to the {out2}]?"
{a} [followed the {wild}|said yes|thought for a moment]. They went over the hill and through the {out2} until they came to [a {colour2} door|a deep river|a tall tower].
Behind it there was [a room full of {thing}s|a sleeping king|a garden with {colour} flowers]. "[Take what you need|Be quiet|Do not touch anything]," said the {wild}.
{a} took only [one small {thing}|a {colour2} feather|a single flower], for [{b}, who was ill|{hers} {kin}|{hers} friend {b}].
When {a} came home, {b} [was well again|did not believe the story|laughed and laughed]. But the [{thing}|feather|flower] was still in {hers} hand.
###
{a} worked as a {job} in {city}. Every {day}, {she} took the [bus|train] and read the [paper|news|same old book].
One {time}, a [stranger|woman|man] with a {colour} {thing} sat down next to {her}. "[Excuse me|I am sorry], is this the way to the {place}?" asked the stranger.
"[Yes, it is|No, you must change at the station|I am going there too]," said {a}. They began to talk. The stranger's name was {b}.
{b} had come to {city} to [look for work|find an old friend|see the {place}|sell a {thing}]. {a} [listened|told {b} about the city|wrote down an address].
When the [bus|train] stopped, {b} was gone, but the {colour} {thing} lay on the seat. {a} [picked it up|ran after {b}|did not know what to do].
[A week later|The next {day}], {a} saw {b} again at the {place}. "[I have something of yours|You forgot this|I hoped to see you again]," said {a}, and {b} smiled.
""".split("###")]

DETAILS = """
The sun was [shining|low|warm] and the [birds were singing|grass was wet|sky was blue].
It was {weather} that {time}.
{a} was [a little|very|so] {bad}.
{b} was {good}.
The {pet} [slept {spot}|looked up|ran around them].
[Nobody else was there|There was no one in the {out}|The {inside} was quiet].
{a} [took a deep breath|thought for a while|smiled at {b}].
"[Are you sure|Really|Is that true], {a}?" asked {b}.
It was [almost|already|nearly] [{n} o'clock|dark|noon].
""".strip().split("\n")

ENDINGS = """
[From that day on|After that|Since then], {a} and {b} were [best friends|good friends|always together].
[They lived happily ever after|And that was the end of a long day|And they all went home {good}].
That night, {a} [slept very well|dreamed of the {wild}|told {hers} {kin} about the {thing}].
{a} [never forgot that day|learned that it is good to help|knew that {b} was a true friend].
[The end|And so the day ended well].
"[What a day|I am so glad|Tomorrow we will come again]," said {a}. "[Me too|Yes|I hope so]," said {b}.
""".strip().split("\n")


def story(r: Rng) -> str:
    slots = cast(r)
    turns = [expand(r, turn, slots) for turn in r.choice(PLOTS)]
    if r.random() < 0.25:
        turns = turns[: r.randint(3, len(turns))]
    if r.random() < 0.7:
        turns.insert(r.randint(1, len(turns) - 1), expand(r, r.choice(DETAILS), slots))
    if r.random() < 0.3:
        turns.insert(r.randint(1, len(turns) - 1), expand(r, r.choice(DETAILS), slots))
    lines = [expand(r, r.choice(OPENINGS), slots), *turns]
    if r.random() < 0.75:
        lines.append(expand(r, r.choice(ENDINGS), slots))
    if r.random() < 0.3:
        cut = sorted(r.sample(range(1, len(lines)), min(2, len(lines) - 1)))
        lines = [" ".join(part) for part in (lines[: cut[0]], lines[cut[0] : cut[-1]], lines[cut[-1] :]) if part]
        return "\n\n".join(lines)
    return " ".join(lines)
