using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

public sealed class GrantTableTests
{
    private static readonly RowVersion First = new(1, Guid.Empty);
    private static readonly RowVersion Second = new(2, Guid.Empty);

    [Fact]
    public void A_grant_ends_when_the_last_of_its_leases_does()
    {
        var grants = new GrantTable(10);
        Assert.True(grants.TryGrant("book", First, holder: 1, until: 100, now: 0));
        Assert.True(grants.TryGrant("book", First, holder: 2, until: 80, now: 0));

        Assert.Equal((0b110UL, 100), (grants.Find("book", 99)!.Holders, grants.Find("book", 99)!.Until));
        Assert.Null(grants.Find("book", 100));
    }

    [Fact]
    public void Holders_of_an_ended_grant_are_not_holders_of_the_next()
    {
        var grants = new GrantTable(10);
        grants.TryGrant("book", First, holder: 1, until: 100, now: 0);

        grants.TryGrant("book", Second, holder: 2, until: 300, now: 200);

        Assert.Equal((0b100UL, Second), (grants.Find("book", 250)!.Holders, grants.Find("book", 250)!.Identity));
    }

    [Fact]
    public void Revoked_holders_are_replaced_by_the_holders_of_the_new_row()
    {
        var grants = new GrantTable(10);
        grants.TryGrant("book", First, holder: 1, until: 100, now: 0);
        grants.TryGrant("book", First, holder: 2, until: 100, now: 0);

        grants.Replace("book", Second, 0b10UL, until: 150, now: 50);
        var replaced = grants.Find("book", 60)!;
        Assert.Equal((0b10UL, Second, 150), (replaced.Holders, replaced.Identity, replaced.Until));

        grants.Replace("book", Second, 0, until: 200, now: 70);
        Assert.Null(grants.Find("book", 71));
    }

    [Fact]
    public void It_respects_its_limit_and_drops_ended_grants()
    {
        var grants = new GrantTable(100);
        for (var i = 0; i < 100; i++)
            Assert.True(grants.TryGrant($"{i}", First, 0, until: 100, now: 0));

        Assert.False(grants.TryGrant("one more", First, 0, until: 150, now: 50));
        Assert.True(grants.TryGrant("7", First, 1, until: 160, now: 60));
        Assert.True(grants.TryGrant("one more", First, 0, until: 250, now: 150));
        for (var i = 0; i < 10; i++)
            grants.RemoveEnded(200);
        Assert.Equal(1, grants.Count);
        Assert.Equal("one more", Assert.Single(grants.Live(200)).Book);
    }

    [Fact]
    public void An_extended_grant_is_not_dropped()
    {
        var grants = new GrantTable(100);
        grants.TryGrant("kept", First, 0, until: 100, now: 0);
        for (var now = 50; now < 5_000; now += 50)
        {
            grants.TryGrant("kept", First, 0, until: now + 100, now);
            grants.RemoveEnded(now);
            Assert.Equal(1, grants.Count);
        }

        grants.RemoveEnded(10_000);
        Assert.Equal(0, grants.Count);
    }
}
