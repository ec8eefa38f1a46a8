using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Silo;

/// <summary>Silos and clients with certificates: who is let in, and as what.</summary>
public sealed class EncryptionTests : IDisposable
{
    private const string SiloName = "silo.test";
    private const string Short = "00:00:05";
    private const string ReaderName = "reader.test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Silos_take_clients_of_their_authority_and_nobody_elses_and_no_client_as_a_silo()
    {
        using var ours = new TestAuthority(_folder.FullName, "ours");
        using var theirs = new TestAuthority(_folder.FullName, "theirs");
        await using var redis = await RedisServer.StartAsync();
        await using var scene = new SiloScene(redis.ConnectionString);
        var certificate = ours.Issue(SiloName);
        var first = await scene.StartAsync(scene.Silo("europe", SiloSettings(certificate, ours)));
        await scene.StartAsync(scene.Silo("asia", SiloSettings(certificate, ours)));

        var reader = ours.Issue(ReaderName);
        Assert.Null((await LookUpAsync(first, reader, ours)).Book);

        var stranger = theirs.Issue(ReaderName, "stranger.pem");
        await Assert.ThrowsAnyAsync<CacheException>(() => LookUpAsync(first, stranger, ours, Short));
        await Assert.ThrowsAnyAsync<CacheException>(() => LookUpAsync(first, null, ours, Short));

        var impostor = await scene.LaunchAsync(scene.Silo("asia", SiloSettings(reader, ours)) with { Number = 2 });
        Assert.NotEqual(0, await impostor.Ended.WaitAsync(SiloScene.Bound));
        Assert.DoesNotContain(impostor.Lines, line => line.StartsWith("ready ", StringComparison.Ordinal));
        Assert.Null((await LookUpAsync(first, reader, ours)).Book);
    }

    [Fact]
    public async Task Without_an_authority_a_silo_refuses_to_start()
    {
        using var ours = new TestAuthority(_folder.FullName, "ours");
        await using var scene = new SiloScene();

        var silo = await scene.LaunchAsync(
            scene.Silo("europe", $"--OrleansCache:Silo:Tls:Certificate={ours.Issue(SiloName)}"));

        Assert.NotEqual(0, await silo.Ended.WaitAsync(SiloScene.Bound));
        Assert.Contains(silo.Lines, line => line.Contains("OrleansCache:Silo:Tls:Authority", StringComparison.Ordinal));
    }

    private static string[] SiloSettings(string certificate, TestAuthority authority) =>
    [
        $"--OrleansCache:Silo:Tls:Certificate={certificate}",
        $"--OrleansCache:Silo:Tls:Authority={authority.File}",
        $"--OrleansCache:Silo:Tls:Name={SiloName}",
        "--OrleansCache:StartPatience=00:00:10",
    ];

    private static async Task<LookupResult> LookUpAsync(
        SiloProcess silo, string? certificate, TestAuthority authority, string connectDeadline = "00:02:00")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddBookCache(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ClusterId"] = "scene",
            ["ServiceId"] = "scene",
            ["Home"] = "europe",
            ["ConnectDeadline"] = connectDeadline, ["Deadline"] = "00:01:00",
            ["ConnectAtStart"] = "false",
            ["Regions:0:Name"] = "europe",
            ["Regions:0:Gateways:0"] = silo.Gateway.ToString(),
            ["Tls:Certificate"] = certificate ?? "",
            ["Tls:Authority"] = authority.File,
            ["Tls:Name"] = SiloName,
        }).Build());
        using var host = builder.Build();
        await host.StartAsync();
        var books = host.Services.GetRequiredService<IBookCache>();
        try
        {
            return await books.GetAsync("book::none");
        }
        finally
        {
            await host.StopAsync();
        }
    }
}
