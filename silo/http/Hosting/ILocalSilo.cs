using Microsoft.Extensions.Logging;

namespace OrleansCache.Http;

/// <summary>What the HTTP server knows of the silo in whose process it runs. Nothing here waits or sends anything.</summary>
internal interface ILocalSilo
{
    /// <summary>Its name, such as <c>europe.1</c>.</summary>
    string Name { get; }

    /// <summary>Its region.</summary>
    string Region { get; }

    /// <summary>Whether it is an active member of the cluster.</summary>
    bool IsJoined { get; }

    /// <summary>Whether it knows its region's ring and the owners.</summary>
    bool HasRing { get; }

    /// <summary>Whether a node of its region or the catalog could be used lately, so that lookups have an answer.</summary>
    bool HasSource { get; }

    /// <summary>Whether it has been told to stop.</summary>
    bool IsStopping { get; }

    /// <summary>The silo's log.</summary>
    ILoggerFactory Logging { get; }

    /// <summary>Sets the options of a client that enters the cluster: through the clustering Redis, or else through this silo.</summary>
    void ConfigureClient(Client.CacheClientOptions options);
}
