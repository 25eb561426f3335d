async def test_plant(world):
    print(world.case, world.made, len(world.logged))
