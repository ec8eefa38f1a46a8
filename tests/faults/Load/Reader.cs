using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Faults.Load;

/// <summary>An application in a region that looks books up: a host of its own with the client library.</summary>
internal sealed class Reader : IAsyncDisposable
{
    /// <summary>
    /// The deadline of a lookup: a multiple of the default, so that no lookup fails because the machine starts processes at the same time.
    /// The latencies of lookups are reported.
    /// </summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly IHost _host;
    private readonly GetOptions _options;
    private readonly Lock _gate = new();
    private bool _leaves;
    private int _held;

    private Reader(IHost host, string region)
    {
        _host = host;
        Region = region;
        _options = new() { Region = region };
        Cache = host.Services.GetRequiredService<IBookCache>();
    }

    public string Region { get; }

    public IBookCache Cache { get; }

    public ICacheOperations Operations => _host.Services.GetRequiredService<ICacheOperations>();

    /// <summary>Connects a reader.</summary>
    /// <param name="settings">Settings of the section OrleansCache, by their names below it.</param>
    /// <param name="region">The reader's region.</param>
    public static async Task<Reader> StartAsync(IEnumerable<KeyValuePair<string, string>> settings, string region)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.InSection());
        // Without a near cache, which would answer most lookups whatever the silos do.
        builder.Configuration.AddInMemoryCollection(
            [new("OrleansCache:NearCacheBytes", "0"), new("OrleansCache:Deadline", Deadline.ToString())]);
        builder.Services.AddBookCache(builder.Configuration.GetSection("OrleansCache"));
        var host = builder.Build();
        await host.StartAsync();
        return new(host, region);
    }

    /// <summary>Prevents the disposal of the reader until <see cref="Release"/>; false if the disposal has begun.</summary>
    public bool TryHold()
    {
        lock (_gate)
        {
            if (!_leaves)
                _held++;
            return !_leaves;
        }
    }

    public void Release()
    {
        lock (_gate)
            _held--;
    }

    public async Task<LookupResult> LookupAsync(string key) => await Cache.GetAsync(key, _options);

    /// <summary>Stops the reader when its lookups have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Eventually.IsTrueAsync(IsLetGo, "the reader's lookups have ended");
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private bool IsLetGo()
    {
        lock (_gate)
        {
            _leaves = true;
            return _held == 0;
        }
    }
}
