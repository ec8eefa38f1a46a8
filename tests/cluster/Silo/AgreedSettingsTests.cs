using System.Globalization;
using OrleansCache.Catalogs;
using OrleansCache.LocalClusters;

namespace OrleansCache.Tests.Silo;

/// <summary>Settings that the silos of a cluster must have alike, which the catalog keeps.</summary>
public sealed class AgreedSettingsTests : IAsyncLifetime
{
    private readonly SiloScene _scene = new();
    private SqliteCatalog _catalog = null!;

    public async Task InitializeAsync()
    {
        _catalog = new(_scene.CatalogFile);
        await _catalog.InitializeAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_with_other_settings_than_the_cluster_does_not_start_and_names_each_with_both_values()
    {
        await KeepAsync(("slots", "128"), ("lease-length", "00:00:20"), ("home", "asia"));

        var run = await StartAsync();

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        string[] lines = [.. run.Error.Split('\n').Where(line => line.StartsWith("OrleansCache:", StringComparison.Ordinal))];
        Assert.Equal(3, lines.Length);
        AssertHas("OrleansCache:Slots is 64 on this silo, but the cluster has 128");
        AssertHas("OrleansCache:Leases:Length is 00:00:10 on this silo, but the cluster has 00:00:20");
        AssertHas("OrleansCache:Home is europe on this silo, but the cluster has asia");
        Assert.All(lines, line => Assert.Contains("orleanscache-silo settings forget", line, StringComparison.Ordinal));

        void AssertHas(string start) => Assert.Single(lines, line => line.StartsWith(start, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_what_differs_is_named()
    {
        await KeepAsync(("slots", "128"), ("lease-length", "00:00:10"), ("home", "europe"));

        var run = await StartAsync();

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("OrleansCache:Slots", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("OrleansCache:Home", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("OrleansCache:Leases", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_silo_stores_its_settings_and_after_they_were_forgotten_a_silo_starts_with_others()
    {
        await using (await _scene.StartAsync(_scene.Silo("europe")))
        {
            Assert.Equal(("64", "00:00:10", "europe"), await KeptAsync());
        }

        var run = await Run.InProcessAsync("settings", "forget", "--config", _scene.SettingsFile);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] forgotten = ["forgotten: home europe", "forgotten: lease-length 00:00:10", "forgotten: slots 64"];
        Assert.Equal(forgotten, run.Output.TrimEnd().Split(Environment.NewLine));
        await using (await _scene.StartAsync(_scene.Silo("europe", "--OrleansCache:Slots=32")))
        {
            Assert.Equal(("32", "00:00:10", "europe"), await KeptAsync());
        }
    }

    [Fact]
    public async Task To_forget_where_nothing_is_kept_is_no_error()
    {
        var run = await Run.InProcessAsync("settings", "forget", "--config", _scene.SettingsFile);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("no settings", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "OrleansCache:Catalog", "settings", "forget", "--OrleansCache:Catalog:Provider=oracle")]
    [InlineData(2, "\"--colour\" is not an option", "settings", "forget", "--colour", "blue")]
    [InlineData(2, "\"settings\" is not an option", "settings", "remember")]
    [InlineData(1, "the file is not there", "settings", "forget", "--OrleansCache:Catalog:ConnectionString=/no-such-folder/catalog.db")]
    public async Task What_cannot_be_forgotten_is_told(int code, string reason, params string[] arguments)
    {
        var run = await Run.InProcessAsync(arguments);

        Assert.Equal((code, ""), (run.ExitCode, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    private Task KeepAsync(params (string Name, string Value)[] settings) =>
        _catalog.AgreeOnSettingsAsync(settings.ToDictionary(setting => setting.Name, setting => setting.Value), CancellationToken.None);

    private async Task<(string Slots, string LeaseLength, string Home)> KeptAsync()
    {
        var names = new[] { "slots", "lease-length", "home" }.ToDictionary(name => name, _ => "not kept");
        var kept = await _catalog.AgreeOnSettingsAsync(names, CancellationToken.None);
        return (kept["slots"], kept["lease-length"], kept["home"]);
    }

    private Task<Run> StartAsync() => Run.InProcessAsync(
        "--region", "europe", "--config", _scene.SettingsFile, "--OrleansCache:Http:Port=0",
        "--silo-port", FreePort.Find().ToString(CultureInfo.InvariantCulture),
        "--gateway-port", FreePort.Find().ToString(CultureInfo.InvariantCulture));
}
