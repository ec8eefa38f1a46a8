using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;

namespace OrleansCache.Processes.Tests.Load;

/// <summary>An application in a region that looks books up: a host of its own with the client library.</summary>
internal sealed class Reader : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly GetOptions _options;
    private int _open;

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
        builder.Services.AddBookCache(builder.Configuration.GetSection("OrleansCache"));
        var host = builder.Build();
        await host.StartAsync();
        return new(host, region);
    }

    public async Task<LookupResult> LookupAsync(string key)
    {
        Interlocked.Increment(ref _open);
        try
        {
            return await Cache.GetAsync(key, _options);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>Leaves, once nobody waits for a lookup of it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await TestSupport.Eventually.IsTrueAsync(() => Volatile.Read(ref _open) == 0, "the reader's lookups have ended");
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
