using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;

namespace OrleansCache.Tests.Faults.Load;

/// <summary>An application in a region that looks books up: a host of its own with the client library.</summary>
internal sealed class Reader : IAsyncDisposable
{
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
    /// <param name="region">Where the reader is.</param>
    public static async Task<Reader> StartAsync(IEnumerable<KeyValuePair<string, string>> settings, string region)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>($"OrleansCache:{setting.Key}", setting.Value)));
        // The load is meant for the silos: what readers keep themselves would hide what becomes of those.
        builder.Configuration.AddInMemoryCollection([new("OrleansCache:NearCacheBytes", "0")]);
        builder.Services.AddBookCache(builder.Configuration.GetSection("OrleansCache"));
        var host = builder.Build();
        await host.StartAsync();
        return new(host, region);
    }

    /// <summary>Keeps the reader here until <see cref="Release"/>; false when it is leaving already.</summary>
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

    /// <summary>Leaves, once nobody holds it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await TestSupport.Eventually.IsTrueAsync(IsLetGo, "the reader's lookups have ended");
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
