using OrleansCache.Placement;

namespace OrleansCache.Tests.Placement;

public sealed class SiloNameTests
{
    [Theory]
    [InlineData("europe.1", "europe")]
    [InlineData("eu-west.a.b", "eu-west")]
    [InlineData("europe", null)]
    [InlineData(".1", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_region_is_the_part_before_the_first_dot(string? name, string? region) =>
        Assert.Equal(region, SiloName.RegionOf(name));

    [Fact]
    public void A_generated_name_contains_its_region() => Assert.Equal("asia", SiloName.RegionOf(SiloName.Of("asia", "host.7")));
}
