using System.Net;

namespace OrleansCache.Engine.Hosting;

/// <summary>Where the silo is that holds the membership table of a cluster without a clustering store.</summary>
internal sealed class PrimarySiloOptions
{
    /// <summary>The primary silo's endpoint for silos; null: this silo is the primary.</summary>
    public IPEndPoint? Endpoint { get; set; }
}
