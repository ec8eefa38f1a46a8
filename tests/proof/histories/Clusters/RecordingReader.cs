using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;
using OrleansCache.LocalClusters;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Clusters;

/// <summary>An application in a region, with a near cache, whose calls and results are recorded.</summary>
internal sealed class RecordingReader : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly History _history;
    private readonly GetOptions _options;
    private readonly ConcurrentDictionary<string, long> _seen = new();

    private RecordingReader(IHost host, string name, string region, History history) =>
        (_host, Name, Cache, _history, _options) = (host, name, host.Services.GetRequiredService<IBookCache>(), history,
            new() { Region = region });

    public string Name { get; }

    /// <summary>The version of a book that it saw last; null before the first lookup.</summary>
    public long? LastSeen(string book) => _seen.TryGetValue(book, out var version) ? version : null;

    public IBookCache Cache { get; }

    public static Task<RecordingReader> StartAsync(LocalCluster cluster, string region, string name, History history) => StartAsync(
        services => services.AddBookCache(options =>
        {
            options.Home = cluster.Regions.Home;
            foreach (var other in cluster.Regions.Names)
            {
                var described = new ClientRegionOptions { Name = other };
                foreach (var gateway in cluster.Gateways[other])
                    described.Gateways.Add(gateway.ToString());
                options.Regions.Add(described);
            }
        }),
        region,
        name,
        history);

    /// <summary>Connects a reader.</summary>
    /// <param name="addCache">Adds the cache to the services of the reader's host.</param>
    /// <param name="region">The reader's region.</param>
    /// <param name="name">The client's name in the history.</param>
    /// <param name="history">The history in which its calls are recorded.</param>
    public static async Task<RecordingReader> StartAsync(Action<IServiceCollection> addCache, string region, string name, History history)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        addCache(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new(host, name, region, history);
    }

    /// <summary>Looks a book up.</summary>
    /// <returns>The tier that answered; null when the lookup failed.</returns>
    public async Task<Tier?> ReadAsync(string book)
    {
        var call = _history.Begin(Name, book, CallKind.Read);
        try
        {
            var result = await Cache.GetAsync(book, _options);
            // A result does not say which edit removed a book.
            Identity? identity = result.Found ? new(result.Version, "") : null;
            if (result.Found)
                _seen[book] = result.Version;
            call.End(new Outcome.Saw(identity, result.Book?.Title, result.Flags is LookupFlags.None ? null : $"{result.Flags}"));
            return result.Tier;
        }
        catch (CacheException)
        {
            call.End(new Outcome.Failed());
            return null;
        }
    }

    /// <summary>Writes a new content or removes the book; optionally only if it still has the version that this client saw last.</summary>
    public async Task EditAsync(string book, bool removes, long? expected)
    {
        var id = Guid.NewGuid();
        var call = _history.Begin(Name, book, removes ? CallKind.Remove : CallKind.Put, id.ToString(), expected);
        try
        {
            var options = new EditOptions { Id = id, ExpectedVersion = expected };
            var receipt = removes ? await Cache.RemoveAsync(book, options) : await Cache.PutAsync(book, new Book(id.ToString()), options);
            Identity? identity = receipt.Version == 0 ? null : new(receipt.Version, "");
            call.End(receipt.Outcome is EditOutcome.Unchanged ? new Outcome.Unchanged(identity) : new Outcome.Acked(identity));
        }
        catch (EditConflictException error)
        {
            call.End(new Outcome.Conflict(new(error.Current.Version, "")));
        }
        catch (OutcomeUnknownException)
        {
            call.End(new Outcome.Unknown());
        }
        catch (CacheException)
        {
            call.End(new Outcome.Failed());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
