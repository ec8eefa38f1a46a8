namespace Orleans;

/// <summary>Stands between the calls that arrive at a host and its grains and observers. A grain class that implements it filters its own calls, after all others.</summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Lets a call through by <see cref="IGrainCallContext.Invoke"/>, gives it a result, or throws what the caller gets. It runs as a part of the call, on the grain's turn.</summary>
    /// <param name="context">The call.</param>
    Task Invoke(IIncomingGrainCallContext context);
}
