namespace Orleans;

/// <summary>A way into the cluster: makes references whose calls the cluster answers.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the host that the client belongs to.</summary>
    IServiceProvider ServiceProvider { get; }
}
