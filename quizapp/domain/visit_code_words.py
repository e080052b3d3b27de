"""The 256 words of visit codes: short, concrete, easy to say, hear and spell. Their order must not change."""

WORDS = tuple(
    """
    acorn amber anchor apple april apron arrow aspen autumn badge bagel baker bamboo banana banjo barley
    barn basil basket beach beacon bell bench berry bicycle birch biscuit blanket blossom blue boat bonnet
    book bottle bowl branch bread breeze bridge bright broom brown brush bubble bucket butter button cabin
    cable cactus camel candle canoe canvas carpet carrot castle cedar chalk cheese cherry chestnut circle citrus
    clay clock cloud clover coast cocoa coffee comet copper coral corner cotton cousin cricket crystal cup
    curtain daisy dance dawn deer desert desk diamond dinner dolphin donkey door dove dragon drum eagle
    early earth east echo elbow elm ember engine evening falcon family feather fern fiddle field finch
    fire flag flower flute forest fountain fox friend frost garden garlic gentle giant ginger glass globe
    gold goose grain grape grass green guitar hammer happy harbor harvest hat hazel heather hedge helmet
    hill honey horse house iris island ivory ivy jacket jam jasmine jelly jewel jigsaw juniper kayak
    kettle kitchen kite kitten koala ladder lake lamp lantern lark lavender leaf lemon letter lilac lily
    linen lion lobster lotus lucky lunch magnet mango maple marble market meadow melon metal mirror mitten
    moon morning moss mountain mouse music napkin nectar needle nest north nutmeg oak oasis ocean olive
    onion orange orchard otter owl oyster paddle paint palace panda paper parrot pasta peach pearl pebble
    pelican pencil penguin pepper piano picnic pigeon pillow pine planet plum pocket pond poppy potato pumpkin
    puzzle quilt rabbit radio rainbow raven ribbon river robin rocket rose saddle sailor salad silver window
    """.split()  # noqa: SIM905 - a list of 256 quoted words would fill pages
)
