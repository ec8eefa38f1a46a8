using System.Net;
using OrleansCache.Placement;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Placement;

public sealed class RendezvousOrderTests(ITestOutputHelper output)
{
    private static readonly RegionalSilo[] Four = [.. Enumerable.Range(1, 4).Select(Silo)];
    private static readonly string[] Keys = [.. Enumerable.Range(0, 20_000).Select(i => $"book::{i}")];

    // Reference values from an independent implementation in another language.
    [Theory]
    [InlineData("book::1984", "europe.1", "europe.2", "europe.3")]
    [InlineData("book::ulysses", "europe.2", "europe.3", "europe.1")]
    [InlineData("book::emma", "europe.2", "europe.1", "europe.3")]
    [InlineData("book::the-hobbit", "europe.3", "europe.1", "europe.2")]
    public void A_key_has_the_same_order_on_every_machine(string key, params string[] names) =>
        Assert.Equal(names, Enumerable.Range(1, 3).Select(rank => RendezvousOrder.Pick(Four[..3], key, rank).Name));

    [Fact]
    public void The_order_in_which_silos_are_known_does_not_matter() =>
        Assert.All(Keys[..2_000], key =>
            Assert.Equal(RendezvousOrder.Pick(Four, key, 1), RendezvousOrder.Pick([.. Four.Reverse()], key, 1)));

    [Fact]
    public void A_silo_that_joins_takes_only_its_own_keys_and_about_its_share_of_them()
    {
        var moved = Keys.Where(key => RendezvousOrder.Pick(Four[..3], key, 1) != RendezvousOrder.Pick(Four, key, 1)).ToArray();

        output.WriteLine($"A fourth silo moved {moved.Length / (double)Keys.Length:P2} of the keys; its fair share is 25%");
        Assert.All(moved, key => Assert.Equal(Four[3], RendezvousOrder.Pick(Four, key, 1)));
        Assert.InRange(moved.Length, Keys.Length / 4 * 0.95, Keys.Length / 4 * 1.05);
    }

    [Fact]
    public void A_silo_that_leaves_does_not_change_the_order_of_the_others()
    {
        RegionalSilo[] left = [Four[0], Four[2], Four[3]];
        Assert.All(Keys[..2_000], key =>
        {
            var before = Enumerable.Range(1, 4).Select(rank => RendezvousOrder.Pick(Four, key, rank)).Where(silo => silo != Four[1]);
            var after = Enumerable.Range(1, 3).Select(rank => RendezvousOrder.Pick(left, key, rank));
            Assert.Equal(before, after);
        });
    }

    [Fact]
    public void Ranks_are_different_silos_and_begin_again_after_the_last() =>
        Assert.All(Keys[..2_000], key =>
        {
            Assert.Equal(4, Enumerable.Range(1, 4).Select(rank => RendezvousOrder.Pick(Four, key, rank)).Distinct().Count());
            Assert.Equal(RendezvousOrder.Pick(Four, key, 1), RendezvousOrder.Pick(Four, key, 5));
            Assert.Equal(RendezvousOrder.Pick(Four, key, 2), RendezvousOrder.Pick(Four, key, 6));
        });

    [Fact]
    public void Keys_are_spread_evenly_also_over_the_second_rank()
    {
        var first = Keys.CountBy(key => RendezvousOrder.Pick(Four, key, 1)).ToDictionary();
        var second = Keys.Where(key => RendezvousOrder.Pick(Four, key, 1) == Four[0])
            .CountBy(key => RendezvousOrder.Pick(Four, key, 2)).ToDictionary();

        Assert.All(Four, silo => Assert.InRange(first[silo], Keys.Length / 4 * 0.95, Keys.Length / 4 * 1.05));
        Assert.All(Four[1..], silo => Assert.InRange(second[silo], Keys.Length / 12 * 0.9, Keys.Length / 12 * 1.1));
    }

    [Fact]
    public void A_restarted_silo_has_the_same_rank_under_another_address()
    {
        var address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 9_999), 77);
        RegionalSilo[] restarted = [.. Four[..3], Four[3] with { Address = address }];

        Assert.All(Keys[..2_000], key =>
            Assert.Equal(RendezvousOrder.Pick(Four, key, 1).Name, RendezvousOrder.Pick(restarted, key, 1).Name));
    }

    private static RegionalSilo Silo(int number) =>
        new(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1_000 + number), 1), $"europe.{number}", "europe");
}
