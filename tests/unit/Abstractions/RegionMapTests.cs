namespace OrleansCache.Tests.Abstractions;

public sealed class RegionMapTests
{
    private static readonly RegionDefinition[] Three = [new("europe", "northamerica"), new("asia"), new("northamerica")];

    [Fact]
    public void A_region_is_asked_first_then_its_fallbacks_then_the_others()
    {
        var map = new RegionMap(Three, "europe");

        Assert.Equal(["europe", "northamerica", "asia"], map.OrderFrom("europe").AsEnumerable());
        Assert.Equal(["asia", "europe", "northamerica"], map.OrderFrom("asia").AsEnumerable());
        Assert.Equal(["europe", "asia", "northamerica"], map.Names.AsEnumerable());
        Assert.Equal("europe", map.Home);
    }

    [Fact]
    public void An_unknown_region_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<UnknownRegionException>(() => new RegionMap(Three, "europe").OrderFrom("mars"));
        Assert.Contains("\"mars\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("europe, asia, northamerica", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_without_a_region_gets_one_by_the_book_and_each_region_gets_some()
    {
        var map = new RegionMap(Three, "europe");

        var picked = Enumerable.Range(0, 3_000).Select(i => map.PickFor($"book::{i}")).CountBy(region => region).ToDictionary();

        Assert.Equal(map.PickFor("book::1984"), new RegionMap(Three.Reverse(), "asia").PickFor("book::1984"));
        Assert.All(map.Names, region => Assert.InRange(picked[region], 800, 1_200));
    }

    public static TheoryData<string, RegionDefinition[], string> Bad => new()
    {
        { "No region", [], "europe" },
        { "\"Europe\"", [new("Europe")], "Europe" },
        { "\"\"", [new("")], "" },
        { "twice", [new("europe"), new("europe")], "europe" },
        { "\"mars\"", [new("europe")], "mars" },
        { "\"mars\"", [new("europe", "mars")], "europe" },
        { "falls back to \"europe\"", [new("europe", "europe")], "europe" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Invalid_regions_are_refused(string reason, RegionDefinition[] regions, string home)
    {
        var error = Assert.Throws<InvalidTopologyException>(() => new RegionMap(regions, home));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("eu-west-1", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("Europe", false)]
    [InlineData("eu.west", false)]
    [InlineData("eu/west", false)]
    [InlineData("é", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Names_are_lower_case_letters_digits_and_hyphens(string? name, bool good) => Assert.Equal(good, RegionMap.IsName(name));
}
