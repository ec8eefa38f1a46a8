using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using OrleansCache.Silo.Local;
using OrleansCache.Silo.Settings;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Engine.Refusal.Tests;

/// <summary>A type that cannot be sent is found when a silo starts, not when the first call needs it, in whatever way the silo is started.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("orleanscache-tests-");

    private string Catalog => Path.Combine(_folder.FullName, "catalog.db");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_test_cluster_refuses_to_start_and_names_the_types_that_cannot_be_sent()
    {
        await using var cluster = new TestClusterBuilder(1).Build();

        AssertNamed(await Assert.ThrowsAnyAsync<Exception>(() => cluster.DeployAsync()));
    }

    [Fact]
    public async Task So_does_a_cluster_in_this_process() =>
        AssertNamed(await Assert.ThrowsAnyAsync<Exception>(() => LocalCluster.StartAsync(
            new() { CatalogPath = Catalog, Nodes = LocalNodes.Memory, Regions = ["europe", "asia"] }, CancellationToken.None)));

    [Fact]
    public async Task So_does_the_silo_program()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansCache:Silo:Region"] = "europe",
            ["OrleansCache:Silo:SiloPort"] = $"{FreePort.Find()}",
            ["OrleansCache:Silo:GatewayPort"] = $"{FreePort.Find()}",
            ["OrleansCache:Home"] = "europe",
            ["OrleansCache:Regions:0:Name"] = "europe",
            ["OrleansCache:Regions:0:Nodes:0:Name"] = "europe-1",
            ["OrleansCache:Regions:0:Nodes:0:Connection"] = "memory:europe",
            ["OrleansCache:Catalog:ConnectionString"] = Catalog,
        }).Build();
        using var silo = await SiloHost.BuildAsync(configuration, HostSettingsReader.Read(configuration), new DeathNotice(TextWriter.Null), null, CancellationToken.None);

        AssertNamed(await Assert.ThrowsAnyAsync<Exception>(() => silo.StartAsync()));
    }

    private static void AssertNamed(Exception error)
    {
        var text = error.ToString();
        Assert.Contains(nameof(UnsendableThing), text, StringComparison.Ordinal);
        Assert.Contains(nameof(UnsendableAnswer), text, StringComparison.Ordinal);
        Assert.Contains(nameof(ICarelessGrain), text, StringComparison.Ordinal);
    }
}
