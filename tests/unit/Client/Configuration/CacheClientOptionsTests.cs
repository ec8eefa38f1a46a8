using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Client;
using Xunit;

namespace OrleansCache.Tests.Client.Configuration;

public sealed class CacheClientOptionsTests
{
    [Fact]
    public void Settings_that_work_are_taken() => Assert.True(Validate(_ => { }).Succeeded);

    [Theory]
    [InlineData("AttemptBudget")]
    [InlineData("Deadline")]
    [InlineData("OperationTimeout")]
    [InlineData("MaxLookupsInFlight")]
    [InlineData("MaxLookupsWaiting")]
    [InlineData("Slots")]
    [InlineData("ClusterId")]
    [InlineData("ServiceId")]
    [InlineData("Home")]
    [InlineData("Regions:1:Gateways")]
    [InlineData("Regions:0:Gateways")]
    [InlineData("Tls:Certificate")]
    public void Settings_that_cannot_work_are_refused_by_name(string setting)
    {
        var result = Validate(options =>
        {
            switch (setting)
            {
                case "AttemptBudget": options.AttemptBudget = TimeSpan.Zero; break;
                case "Deadline": options.Deadline = TimeSpan.FromMilliseconds(299); break;
                case "OperationTimeout": options.OperationTimeout = TimeSpan.FromSeconds(-1); break;
                case "MaxLookupsInFlight": options.MaxLookupsInFlight = 0; break;
                case "MaxLookupsWaiting": options.MaxLookupsWaiting = -1; break;
                case "Slots": options.Slots = 0; break;
                case "ClusterId": options.ClusterId = " "; break;
                case "ServiceId": options.ServiceId = ""; break;
                case "Home": options.Home = "mars"; break;
                case "Regions:1:Gateways": options.Regions[1].Gateways.Clear(); break;
                case "Regions:0:Gateways": options.Regions[0].Gateways.Add("nowhere"); break;
                case "Tls:Certificate": options.Tls.Certificate = "/dev/null"; break;
            }
        });

        Assert.True(result.Failed);
        Assert.Contains(setting, Assert.Single(result.Failures!));
    }

    [Fact]
    public void Where_the_clustering_redis_is_known_regions_need_no_gateways() => Assert.True(Validate(options =>
    {
        options.Clustering.Redis = "127.0.0.1:6379";
        foreach (var region in options.Regions)
            region.Gateways.Clear();
    }).Succeeded);

    [Fact]
    public void The_settings_come_from_a_configuration_section()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansCache:Home"] = "europe",
            ["OrleansCache:Clustering:Redis"] = "10.0.0.9:6379",
            ["OrleansCache:Deadline"] = "00:00:01.5",
            ["OrleansCache:Regions:0:Name"] = "europe",
            ["OrleansCache:Regions:0:Gateways:0"] = "10.0.0.1:30000",
            ["OrleansCache:Regions:1:Name"] = "asia",
            ["OrleansCache:Regions:1:Fallback:0"] = "europe",
            ["OrleansCache:Regions:1:Gateways:0"] = "silo.asia.example:30000",
        }).Build();
        var services = new ServiceCollection().AddBookCache(configuration.GetSection(CacheClientServiceCollectionExtensions.SectionName));

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<CacheClientOptions>>().Value;

        Assert.Equal("10.0.0.9:6379", options.Clustering.Redis);
        Assert.Equal(TimeSpan.FromSeconds(1.5), options.Deadline);
        Assert.Equal(["europe", "asia"], options.ToRegionMap().Names.ToArray());
        Assert.Equal("silo.asia.example:30000", Assert.Single(options.Regions[1].Gateways));
    }

    private static ValidateOptionsResult Validate(Action<CacheClientOptions> change)
    {
        var options = new CacheClientOptions { Home = "europe" };
        options.Regions.Add(new ClientRegionOptions { Name = "europe", Gateways = { "127.0.0.1:30000" } });
        options.Regions.Add(new ClientRegionOptions { Name = "asia", Gateways = { "127.0.0.1:30001" } });
        change(options);
        return new CacheClientOptionsValidator().Validate(null, options);
    }
}
