using System.Collections.Immutable;
using System.Text;
using OrleansCache.Placement;

namespace OrleansCache.Tests.Placement;

public sealed class ComputedPlacesTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 500).Select(i => $"book::{i} ä")];

    [Fact]
    public void A_book_is_where_the_rendezvous_order_of_its_region_says()
    {
        var places = Places(Membership.With("asia.1", "europe.1", "europe.2", "europe.3"));

        Assert.All(Keys, key =>
        {
            Assert.Equal(Expected(key, 1, "europe.1", "europe.2", "europe.3"), places.SiloOf($"europe/{key}"));
            Assert.Equal(Expected(key, 2, "europe.1", "europe.2", "europe.3"), places.SiloOf($"europe.2/{key}"));
            Assert.Equal(Membership.AddressOf("asia.1"), places.SiloOf($"asia/{key}"));
        });
    }

    [Fact]
    public void A_silo_that_joins_moves_only_the_books_that_are_its_own()
    {
        var membership = Membership.With("europe.1", "europe.2");
        var before = Keys.ToDictionary(key => key, key => Places(membership).SiloOf($"europe/{key}"));

        membership.Set("europe.3", SiloStatus.Active);

        var moved = Keys.Where(key => !Equals(before[key], Places(membership).SiloOf($"europe/{key}"))).ToArray();
        Assert.InRange(moved.Length, Keys.Length / 5, Keys.Length / 2);
        Assert.All(moved, key => Assert.Equal(Membership.AddressOf("europe.3"), Places(membership).SiloOf($"europe/{key}")));
    }

    [Theory]
    [InlineData(SiloStatus.Joining)]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Stopping)]
    [InlineData(SiloStatus.Dead)]
    public void A_silo_that_is_not_active_has_no_books(SiloStatus status)
    {
        var membership = Membership.With("europe.1", "europe.2");
        membership.Set("europe.2", status);

        Assert.All(Keys, key => Assert.Equal(Membership.AddressOf("europe.1"), Places(membership).SiloOf($"europe/{key}")));
    }

    [Theory]
    [InlineData("africa/book::1")]
    [InlineData("book::1")]
    [InlineData("/book::1")]
    [InlineData("europe.x/book::1")]
    [InlineData("europe.1/book::1")]
    [InlineData("europe./book::1")]
    public void A_key_that_names_no_place_has_none(string key) => Assert.Null(Places(Membership.With("europe.1")).SiloOf(key));

    [Theory]
    [InlineData(SiloStatus.Active, true)]
    [InlineData(SiloStatus.ShuttingDown, true)]
    [InlineData(SiloStatus.Stopping, true)]
    [InlineData(SiloStatus.Dead, false)]
    public void A_pinned_grain_is_reached_until_its_silo_has_left(SiloStatus status, bool isReached)
    {
        var membership = Membership.With("europe.1", "europe.2");
        membership.Set("europe.2", status);
        var address = Membership.AddressOf("europe.2");

        Assert.Equal(isReached ? address : null, Places(membership).Named(IdSpan.Create(address.ToParsableString())));
    }

    [Fact]
    public void A_silo_knows_which_books_are_its_own()
    {
        var places = Places(Membership.With("asia.1", "europe.1", "europe.2"));
        var own = Membership.AddressOf("europe.2");

        Assert.All(Keys, key => Assert.Equal(own.Equals(places.SiloOf($"europe/{key}")), places.IsFirst(own, KeyHash.Of(key))));
        Assert.All(Keys, key => Assert.True(places.IsFirst(Membership.AddressOf("asia.1"), KeyHash.Of(key))));
    }

    private static SiloAddress Expected(string key, int rank, params string[] silos) =>
        RendezvousOrder.Pick([.. silos.Select(silo => new RegionalSilo(Membership.AddressOf(silo), silo, "europe"))], key, rank).Address;

    private static PlaceMap Places(Membership membership) => new(membership.Service.CurrentSnapshot);
}

internal static class PlaceMapKeys
{
    public static SiloAddress? SiloOf(this PlaceMap places, string key) => places.SiloOf(Encoding.UTF8.GetBytes(key));
}
