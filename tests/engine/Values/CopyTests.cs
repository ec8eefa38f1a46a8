using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Values;

/// <summary>Nobody shares a value that can change with a grain, from wherever it calls, the grain's own silo included.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class CopyTests(TwoSilos cluster)
{
    /// <summary>Where a call may come from.</summary>
    public enum Caller
    {
        /// <summary>A client.</summary>
        Client,

        /// <summary>The silo that the grain is on.</summary>
        SameSilo,

        /// <summary>Another silo.</summary>
        OtherSilo,
    }

    [Theory]
    [InlineData(Caller.Client)]
    [InlineData(Caller.SameSilo)]
    [InlineData(Caller.OtherSilo)]
    public async Task An_argument_is_copied(Caller caller)
    {
        var shelf = Shelf(caller);
        var mine = Crate.Full();

        await shelf.Keep(mine);
        mine.Spoil();
        Assert.Equal(Crate.Full().Describe(), await shelf.Describe());

        mine = Crate.Full();
        await shelf.Keep(mine);
        await shelf.Spoil();
        Assert.Equal(Crate.Full().Describe(), mine.Describe());
    }

    [Theory]
    [InlineData(Caller.Client)]
    [InlineData(Caller.SameSilo)]
    [InlineData(Caller.OtherSilo)]
    public async Task A_result_is_copied(Caller caller)
    {
        var shelf = Shelf(caller);
        await shelf.Keep(Crate.Full());

        var given = await shelf.Give();
        Assert.Equal(Crate.Full().Describe(), given.Describe());
        given.Spoil();
        Assert.Equal(Crate.Full().Describe(), await shelf.Describe());

        var again = await shelf.Give();
        await shelf.Spoil();
        Assert.Equal(Crate.Full().Describe(), again.Describe());
    }

    [Theory]
    [InlineData(Caller.Client)]
    [InlineData(Caller.SameSilo)]
    [InlineData(Caller.OtherSilo)]
    public async Task A_plain_collection_is_copied(Caller caller)
    {
        var shelf = Shelf(caller);
        List<int> mine = [1, 2, 3];

        await shelf.KeepList(mine);
        mine[0] = 99;
        var given = await shelf.GiveList();
        given.Clear();

        Assert.Equal([1, 2, 3], await shelf.GiveList());
    }

    // Within a silo an immutable value may be shared; between two places it travels as bytes, though all of them are in this process.
    [Theory]
    [InlineData(Caller.Client)]
    [InlineData(Caller.OtherSilo)]
    public async Task An_immutable_value_that_leaves_its_silo_is_another_object_where_it_arrives(Caller caller)
    {
        var shelf = Shelf(caller);
        var mine = new Parcel { Text = "sent", Bytes = [1, 2, 3], Shape = new Circle { Colour = "red", Radius = 1.5 } };

        await shelf.KeepParcel(mine);
        var kept = ((ShelfGrain)cluster.Stage.Contexts[shelf.GetPrimaryKeyString()].GrainInstance!).Parcel!;
        var given = (await shelf.GiveParcel())!;

        Assert.All([kept, given], parcel => Assert.Equal(mine.Describe(), parcel.Describe()));
        AssertNothingShared(mine, kept);
        AssertNothingShared(kept, given);
        AssertNothingShared(mine, given);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_value_that_one_grain_sends_to_another_is_copied(bool sameSilo)
    {
        var silos = cluster.Cluster.Silos;
        var from = cluster.Client.GetGrain<IShelfGrain>(TestClusterFixture.NewKeyOn(silos[0]));

        var kept = await from.Pass(TestClusterFixture.NewKeyOn(silos[sameSilo ? 0 : 1]), Crate.Full());

        Assert.Equal(Crate.Full().Describe(), kept);
    }

    [Theory]
    [InlineData(Caller.Client)]
    [InlineData(Caller.SameSilo)]
    [InlineData(Caller.OtherSilo)]
    public async Task Every_kind_of_member_arrives_as_it_was(Caller caller)
    {
        var shelf = Shelf(caller);
        Parcel[] parcels =
        [
            new(),
            new()
            {
                Text = "späť\0\n日本語 \U0001F4DA", Bytes = [0, 1, 255], Int = int.MinValue, Long = long.MaxValue, ULong = ulong.MaxValue, Double = -0.1, Bool = true,
                Maybe = 0, Guid = Guid.NewGuid(), Span = TimeSpan.FromTicks(-1), Moment = new DateTimeOffset(2024, 2, 29, 23, 59, 59, 999, TimeSpan.FromHours(5.5)),
                Day = DayOfWeek.Saturday, Weight = new Weight(-7, "g"), Names = ["", "a"], Shape = new Circle { Colour = "red", Radius = 1.5 },
            },
            new() { Text = "", Bytes = [], Double = double.NaN },
        ];

        foreach (var parcel in parcels)
            Assert.Equal(parcel.Describe(), (await shelf.Return(parcel))?.Describe());
        Assert.Equal(parcels.Select(parcel => parcel.Describe()), (await shelf.ReturnAll(parcels)).Select(parcel => parcel.Describe()));
        Assert.Null(await shelf.Return(null));
    }

    [Fact]
    public async Task A_large_value_arrives_whole()
    {
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);

        var back = await Shelf(Caller.OtherSilo).Return(new Parcel { Bytes = bytes, Text = new string('x', 1_000_000) });

        Assert.True(bytes.AsSpan().SequenceEqual(back?.Bytes));
        Assert.Equal(1_000_000, back?.Text?.Length);
    }

    private static void AssertNothingShared(Parcel one, Parcel other)
    {
        Assert.NotSame(one, other);
        Assert.NotSame(one.Bytes, other.Bytes);
        Assert.NotSame(one.Shape, other.Shape);
    }

    private IShelfGrain Shelf(Caller caller)
    {
        var silos = cluster.Cluster.Silos;
        var key = TestClusterFixture.NewKeyOn(silos[0]);
        var factory = caller switch
        {
            Caller.Client => cluster.Client,
            Caller.SameSilo => TestClusterFixture.Factory(silos[0]),
            Caller.OtherSilo => TestClusterFixture.Factory(silos[1]),
            _ => throw new ArgumentOutOfRangeException(nameof(caller), caller, null),
        };
        return factory.GetGrain<IShelfGrain>(key);
    }
}
