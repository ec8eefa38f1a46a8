using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;
using OrleansCache.LocalClusters;
using OrleansCache.Silo.Startup;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Silo;

/// <summary>Silos and clients with certificates: who is let in, and as what.</summary>
public sealed class EncryptionTests : IDisposable
{
    private const string SiloName = "silo.test";
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

        var stranger = theirs.Issue(SiloName, "stranger.pem");
        await using var silo = await Knock.AtAsync(first.Options.SiloPort, certificate);
        await using var client = await Knock.AtAsync(first.Gateway.Port, reader);
        foreach (var (port, shown) in ((int, string?)[])
            [
                (first.Gateway.Port, stranger), (first.Gateway.Port, null),
                (first.Options.SiloPort, stranger), (first.Options.SiloPort, reader),
            ])
        {
            await using var refused = await Knock.AtAsync(port, shown);
            await refused.Closed.WaitAsync(Eventually.Bound);
        }

        // Those that were let in still are.
        Assert.False(silo.Closed.IsCompleted);
        Assert.False(client.Closed.IsCompleted);
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

    [Fact]
    public async Task With_a_clients_certificate_a_silo_refuses_to_start()
    {
        using var ours = new TestAuthority(_folder.FullName, "ours");
        await using var scene = new SiloScene();

        var silo = await scene.LaunchAsync(scene.Silo("europe", SiloSettings(ours.Issue(ReaderName), ours)));

        Assert.Equal(SiloExitCode.BadSettings, await silo.Ended.WaitAsync(SiloScene.Bound));
        Assert.Contains(silo.Lines, line => line.Contains($"has not the name {SiloName}", StringComparison.Ordinal));
    }

    private static string[] SiloSettings(string certificate, TestAuthority authority) =>
    [
        $"--OrleansCache:Silo:Tls:Certificate={certificate}",
        $"--OrleansCache:Silo:Tls:Authority={authority.File}",
        $"--OrleansCache:Silo:Tls:Name={SiloName}",
    ];

    private static async Task<LookupResult> LookUpAsync(SiloProcess silo, string certificate, TestAuthority authority)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddBookCache(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ClusterId"] = "scene",
            ["ServiceId"] = "scene",
            ["Home"] = "europe",
            ["ConnectDeadline"] = "00:02:00",
            ["Deadline"] = "00:01:00",
            ["ConnectAtStart"] = "false",
            ["Regions:0:Name"] = "europe",
            ["Regions:0:Gateways:0"] = silo.Gateway.ToString(),
            ["Tls:Certificate"] = certificate,
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

    /// <summary>A connection that presents a certificate and says nothing.</summary>
    private sealed class Knock : IAsyncDisposable
    {
        private readonly TcpClient _connection;
        private readonly SslStream _stream;

        private Knock(TcpClient connection, string? certificate)
        {
            (_connection, _stream) = (connection, new(connection.GetStream()));
            Closed = WaitAsync(certificate);
        }

        /// <summary>Completes when the other side ends it.</summary>
        public Task Closed { get; }

        public static async Task<Knock> AtAsync(int port, string? certificate)
        {
            var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port);
            return new(connection, certificate);
        }

        public async ValueTask DisposeAsync()
        {
            _connection.Dispose();
            await Closed;
            await _stream.DisposeAsync();
        }

        private async Task WaitAsync(string? certificate)
        {
            using var own = certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate);
            try
            {
                await _stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                {
                    TargetHost = SiloName,
                    ClientCertificates = own is null ? null : [own],
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                });
                var buffer = new byte[1_024];
                while (await _stream.ReadAsync(buffer) > 0)
                    continue;
            }
            catch (Exception error) when (error is AuthenticationException or IOException or ObjectDisposedException)
            {
                // Another way of ending it.
                return;
            }
        }
    }
}
