using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansCache.Configuration;
using OrleansCache.LocalClusters;

namespace OrleansCache.Tests.Configuration;

public sealed class CacheOptionsTests
{
    public static TheoryData<string, string, string> Bad => new()
    {
        { "TimeToLive", "00:00:00", "OrleansCache:TimeToLive is 00:00:00" },
        { "TimeToLive", "1000.00:00:00", "OrleansCache:TimeToLive is" },
        { "AbsentTimeToLive", "-00:00:01", "OrleansCache:AbsentTimeToLive is -00:00:01" },
        { "MemoryBudgetBytes", "1000", "OrleansCache:MemoryBudgetBytes is 1000" },
        { "Slots", "0", "OrleansCache:Slots is 0" },
        { "Slots", "5000", "OrleansCache:Slots is 5000" },
        { "OwnerBudget", "00:00:00", "OrleansCache:OwnerBudget is 00:00:00" },
        { "OwnerBudget", "60.00:00:00", "OrleansCache:OwnerBudget is 60.00:00:00" },
        { "RingRefresh", "00:00:00", "OrleansCache:RingRefresh is 00:00:00" },
        { "NodeTrial", "00:00:00", "OrleansCache:NodeTrial is 00:00:00" },
        { "StartPatience", "-00:00:01", "OrleansCache:StartPatience is -00:00:01" },
        { "Node:Budget", "00:00:00", "OrleansCache:Node:Budget is 00:00:00" },
        { "Node:MaxInFlight", "0", "OrleansCache:Node:MaxInFlight is 0" },
        { "Home", "mars", "OrleansCache:Regions: The home region \"mars\"" },
        { "Regions:0:Name", "Europe", "OrleansCache:Regions: \"Europe\"" },
        { "Regions:1:Name", "europe", "OrleansCache:Regions: The region \"europe\" is configured twice" },
        { "Regions:0:Fallback:0", "mars", "OrleansCache:Regions: The region \"europe\" falls back to \"mars\"" },
        { "Regions:0:Nodes:0:Name", "Node 1", "OrleansCache:Regions:0:Nodes:0:Name is \"Node 1\"" },
        { "Regions:0:Nodes:0:Weight", "0", "OrleansCache:Regions:0:Nodes: The weight 0" },
        { "Regions:0:Nodes:0:Connection", "", "OrleansCache:Regions:0:Nodes:0:Connection: " },
        { "Regions:0:Nodes:0:Connection", "localhost,password=kept-quiet,nonsense=1", "OrleansCache:Regions:0:Nodes:0:Connection: Part 3" },
        { "Regions:0:Nodes:1:Name", "europe-1", "OrleansCache:Regions:0:Nodes: \"europe-1\" is on the ring twice" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_silo_with_an_invalid_setting_does_not_start_and_names_it(string setting, string value, string reason)
    {
        using var host = Build((setting, value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("kept-quiet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_invalid_settings_are_reported_at_once()
    {
        using var host = Build(("Slots", "0"), ("TimeToLive", "00:00:00"), ("Node:MaxInFlight", "0"));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(3, error.Failures.Count());
    }

    [Fact]
    public async Task A_setting_of_the_wrong_type_is_named_too()
    {
        using var host = Build(("Slots", "many"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("OrleansCache:Slots", error.Message, StringComparison.Ordinal);
    }

    private static IHost Build(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansCache:Home"] = "europe",
            ["OrleansCache:Regions:0:Name"] = "europe",
            ["OrleansCache:Regions:0:Nodes:0:Name"] = "europe-1",
            ["OrleansCache:Regions:0:Nodes:0:Connection"] = "memory:settings",
            ["OrleansCache:Regions:1:Name"] = "asia",
            ["OrleansCache:Regions:1:Nodes:0:Name"] = "asia-1",
            ["OrleansCache:Regions:1:Nodes:0:Connection"] = "memory:settings",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.ToDictionary(pair => $"OrleansCache:{pair.Name}", pair => (string?)pair.Value));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort.Find(), FreePort.Find());
            silo.Configure<SiloOptions>(options => options.SiloName = "europe.1");
            silo.AddOrleansCache();
        });
        return builder.Build();
    }
}
