using Xunit.Abstractions;

namespace OrleansCache.Tests.Abstractions;

public sealed class HashRingTests(ITestOutputHelper output)
{
    private const int ManyKeys = 300_000;

    // Reference values from an independent implementation in another language.
    [Theory]
    [InlineData("book::1984", "europe-3")]
    [InlineData("book::moby-dick", "europe-2")]
    [InlineData("book::ulysses", "europe-1")]
    [InlineData("book::emma", "europe-2")]
    [InlineData("book::dune", "europe-2")]
    [InlineData("book::the-hobbit", "europe-3")]
    [InlineData("book::война-и-мир", "europe-1")]
    [InlineData("book::紅樓夢", "europe-1")]
    [InlineData("a", "europe-1")]
    [InlineData("b", "europe-2")]
    public void A_key_has_the_same_node_on_every_machine(string key, string node)
    {
        var ring = HashRing.Create(1, [new("europe-1"), new("europe-2"), new("europe-3", 50)]);

        Assert.Equal(node, ring.MemberOf(key));
        Assert.Equal(node, ring.Members[ring.IndexOf(CacheKey.Parse(key).Hash)].Name);
    }

    [Fact]
    public void The_order_in_which_members_are_given_does_not_matter()
    {
        var members = Members("node-{0}", 7);

        var ring = HashRing.Create(1, members);
        var turned = HashRing.Create(1, members.Reverse());

        Assert.Equal(ring.Members.AsEnumerable(), turned.Members);
        Assert.All(Keys(10_000), key => Assert.Equal(ring.MemberOf(key), turned.MemberOf(key)));
    }

    [Theory]
    [InlineData("node-{0}")]
    [InlineData("europe-{0}")]
    [InlineData("redis-{0}.asia.example.org")]
    [InlineData("10.0.0.{0}:6379")]
    [InlineData("{0}")]
    public void With_ten_equal_nodes_the_fullest_holds_at_most_a_tenth_more_than_the_mean(string names)
    {
        var ring = HashRing.Create(1, Members(names, 10));

        var counts = Count(ring, Keys(ManyKeys));

        var fullest = counts.Values.Max() / (ManyKeys / 10.0);
        var emptiest = counts.Values.Min() / (ManyKeys / 10.0);
        output.WriteLine($"{names}: the fullest of ten holds {fullest:0.000} times the mean, the emptiest {emptiest:0.000}");
        Assert.Equal(10, counts.Count);
        Assert.InRange(fullest, 1, 1.10);
    }

    [Fact]
    public void An_eleventh_node_takes_at_most_a_tenth_more_than_its_share_and_nothing_else_moves()
    {
        var before = HashRing.Create(1, Members("node-{0}", 10));
        var after = HashRing.Create(2, Members("node-{0}", 11));
        var moved = 0;
        foreach (var key in Keys(ManyKeys))
        {
            if (before.MemberOf(key) == after.MemberOf(key))
                continue;
            Assert.Equal("node-11", after.MemberOf(key));
            moved++;
        }

        output.WriteLine($"An eleventh node moved {moved / (double)ManyKeys:P2} of the keys; its fair share is {1 / 11.0:P2}");
        Assert.InRange(moved, 1, 1.1 * ManyKeys / 11);
    }

    [Fact]
    public void A_removed_node_moves_only_its_keys()
    {
        var before = HashRing.Create(1, Members("node-{0}", 10));
        var after = HashRing.Create(2, Members("node-{0}", 10).Where(member => member.Name != "node-4"));

        Assert.All(Keys(100_000), key =>
        {
            if (before.MemberOf(key) is not "node-4" and var same)
                Assert.Equal(same, after.MemberOf(key));
            else
                Assert.NotEqual("node-4", after.MemberOf(key));
        });
    }

    [Theory]
    [InlineData(100, 150)]
    [InlineData(100, 40)]
    [InlineData(100, 1)]
    [InlineData(30, 31)]
    public void Another_weight_moves_keys_only_to_that_node_or_only_away_from_it(int from, int to)
    {
        var before = HashRing.Create(1, [.. Members("node-{0}", 5), new("other", from)]);
        var after = HashRing.Create(2, [.. Members("node-{0}", 5), new("other", to)]);

        var moved = Keys(100_000).Where(key => before.MemberOf(key) != after.MemberOf(key)).ToArray();

        Assert.NotEmpty(moved);
        Assert.All(moved, key => Assert.Equal("other", to > from ? after.MemberOf(key) : before.MemberOf(key)));
    }

    [Fact]
    public void Keys_are_shared_out_by_weight()
    {
        var ring = HashRing.Create(1, [new("usual"), new("half", 50), new("double", 200), new("tenth", 10)]);

        var counts = Count(ring, Keys(ManyKeys));

        foreach (var (name, weight) in ring.Members)
        {
            var share = counts[name] / (double)ManyKeys;
            output.WriteLine(
                $"{name}, weight {weight}: {share:P2} of the keys, {ring.ShareOf(name):P2} of the key space, "
                + $"{weight / 360.0:P2} by weight");
            Assert.Equal(ring.ShareOf(name), share, tolerance: 0.002);
            Assert.InRange(share / (weight / 360.0), 0.8, 1.2);
        }
    }

    [Fact]
    public void Shares_add_up_to_the_whole()
    {
        var ring = HashRing.Create(1, Members("node-{0}", 9));

        Assert.Equal(1, ring.Members.Sum(member => ring.ShareOf(member.Name)), tolerance: 1e-9);
        Assert.Equal(0, ring.ShareOf("unknown"));
    }

    [Fact]
    public void An_empty_ring_has_no_node_for_any_key()
    {
        var ring = HashRing.Create(5, []);

        Assert.Equal(5, ring.Version);
        Assert.Empty(ring.Members);
        Assert.All(Keys(100), key => Assert.Null(ring.MemberOf(key)));
        Assert.All(Keys(100), key => Assert.Equal(-1, ring.IndexOf(key)));
    }

    [Fact]
    public void One_node_has_every_key_whatever_its_weight()
    {
        foreach (var weight in new[] { 1, HashRing.DefaultWeight, HashRing.MaxWeight })
        {
            var ring = HashRing.Create(1, [new("only", weight)]);

            Assert.All(Keys(1_000), key => Assert.Equal("only", ring.MemberOf(key)));
            Assert.Equal(1, ring.ShareOf("only"), tolerance: 1e-9);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(HashRing.MaxWeight + 1)]
    [InlineData(int.MaxValue)]
    public void A_weight_out_of_range_is_refused(int weight)
    {
        var error = Assert.Throws<InvalidTopologyException>(() => HashRing.Create(1, [new("one"), new("bad-one", weight)]));
        Assert.Contains("bad-one", error.Message, StringComparison.Ordinal);
        Assert.Contains(weight.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_unique_is_refused()
    {
        var error = Assert.Throws<InvalidTopologyException>(() => HashRing.Create(1, [new("twin"), new("one"), new("twin", 50)]));
        Assert.Contains("twin", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void A_name_that_is_empty_is_refused(string? name) =>
        Assert.Throws<InvalidTopologyException>(() => HashRing.Create(1, [new(name!)]));

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var ring = HashRing.Create(1, Members("node-{0}", 10));
        string[] keys =
            [.. Keys(1_000), new string('x', CacheKey.MaxBytes), string.Concat(Enumerable.Repeat("紅", 85)), "", "war & peace"];
        Assert.NotEqual(-2, LookUpAll(ring, keys, 10));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = LookUpAll(ring, keys, 100);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.NotEqual(-2, sum);
        Assert.Equal(0, allocated);
    }

    private static long LookUpAll(HashRing ring, string[] keys, int rounds)
    {
        long sum = 0;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var key in keys)
                sum += ring.IndexOf(key);
        }

        return sum;
    }

    private static RingMember[] Members(string names, int count) =>
        [.. Enumerable.Range(1, count).Select(i => new RingMember(string.Format(null, names, i)))];

    private static IEnumerable<string> Keys(int count) => Enumerable.Range(0, count).Select(i => $"book::{i}");

    private static Dictionary<string, int> Count(HashRing ring, IEnumerable<string> keys)
    {
        var counts = new int[ring.Members.Length];
        foreach (var key in keys)
            counts[ring.IndexOf(key)]++;
        return ring.Members.Index().ToDictionary(member => member.Item.Name, member => counts[member.Index]);
    }
}
