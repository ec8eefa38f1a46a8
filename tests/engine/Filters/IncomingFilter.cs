namespace OrleansCache.Engine.Tests.Filters;

/// <summary>A filter made by the host, with services of the host.</summary>
public sealed class IncomingFilter(FilterScript script, IGrainFactory factory) : IIncomingGrainCallFilter
{
    /// <summary>The host's factory.</summary>
    public IGrainFactory Factory => factory;

    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context) => script.PlayAsync(FilterNames.Incoming[0], context);
}
