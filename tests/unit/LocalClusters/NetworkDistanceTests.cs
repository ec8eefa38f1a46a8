using OrleansCache.LocalClusters;

namespace OrleansCache.Tests.LocalClusters;

/// <summary>Distances as text, such as those of <c>./run cluster --distance</c>.</summary>
public sealed class NetworkDistanceTests
{
    private static readonly string[] Hosts = ["europe", "asia", "north-america"];

    [Fact]
    public void A_host_may_have_a_hyphen_in_its_name()
    {
        Assert.Equal(
            [
                new("europe", "north-america", TimeSpan.FromMilliseconds(90)),
                new NetworkDistance("north-america", "asia", TimeSpan.FromMilliseconds(150.5)),
            ],
            NetworkDistance.Parse("europe-north-america=90, north-america-asia=150.5", Hosts));
    }

    [Theory]
    [InlineData("europe-mars=90")]
    [InlineData("europe-europe=90")]
    [InlineData("europe=90")]
    [InlineData("")]
    [InlineData("europe-asia")]
    [InlineData("europe-asia=")]
    [InlineData("europe-asia=far")]
    [InlineData("europe-asia=-1")]
    [InlineData("europe-asia=10001")]
    [InlineData("europe-asia=NaN")]
    [InlineData("europe-asia=1=2")]
    public void What_is_no_distance_is_named_with_a_valid_one(string text)
    {
        var error = Assert.Throws<FormatException>(() => NetworkDistance.Parse(text, Hosts));

        Assert.StartsWith($"\"{text}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("europe-asia=160", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distance_that_is_given_twice_is_refused()
    {
        var error = Assert.Throws<FormatException>(() => NetworkDistance.Parse("europe-asia=90,asia-europe=100", Hosts));

        Assert.StartsWith("\"asia-europe=100\" is a distance that was given before", error.Message, StringComparison.Ordinal);
    }
}
