using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster.</summary>
public abstract class SiloHandle : IDisposable, IAsyncDisposable
{
    /// <summary>Releases what a handle that was not disposed holds.</summary>
    ~SiloHandle()
    {
        Dispose(false);
    }

    /// <summary>The options of the cluster.</summary>
    public TestClusterOptions? ClusterOptions { get; set; }

    /// <summary>The silo's number within the cluster; the primary's is 0.</summary>
    public short InstanceNumber { get; set; }

    /// <summary>The silo's name.</summary>
    public string Name { get; set; } = null!;

    /// <summary>The silo's address.</summary>
    public SiloAddress SiloAddress { get; set; } = null!;

    /// <summary>Where clients reach the silo.</summary>
    public SiloAddress GatewayAddress { get; set; } = null!;

    /// <summary>Whether the silo runs.</summary>
    public abstract bool IsActive { get; }

    /// <summary>Stops the silo.</summary>
    /// <param name="stopGracefully">False: as a crash would.</param>
    public abstract Task StopSiloAsync(bool stopGracefully);

    /// <summary>Stops the silo.</summary>
    /// <param name="ct">Cuts the stop short; cancelled from the start: as a crash would.</param>
    public abstract Task StopSiloAsync(CancellationToken ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {SiloAddress}";

    /// <summary>Releases what the handle holds.</summary>
    /// <param name="disposing">False in the finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
