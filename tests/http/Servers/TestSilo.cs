using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Client;

namespace OrleansCache.Http.Tests.Servers;

/// <summary>A silo as an HTTP server sees it, of which a test says what it is.</summary>
internal sealed class TestSilo(Action<CacheClientOptions>? configure = null) : ILocalSilo
{
    public string Name => "europe.1";

    public string Region => "europe";

    public bool IsJoined { get; set; } = true;

    public bool HasRing { get; set; } = true;

    public bool HasSource { get; set; } = true;

    public bool IsStopping { get; set; }

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    public void ConfigureClient(CacheClientOptions options)
    {
        options.Home = "europe";
        if (configure is not null)
        {
            configure(options);
            return;
        }

        // Nothing listens there: the test has stand-ins for what would connect.
        foreach (var region in (string[])["europe", "asia"])
            options.Regions.Add(new() { Name = region, Gateways = { "127.0.0.1:1" } });
    }
}
