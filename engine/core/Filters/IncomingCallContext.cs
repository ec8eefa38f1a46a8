using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans.Serialization.Invocation;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Filters;

/// <summary>A call between its arrival and the grain or observer that runs it.</summary>
internal sealed class IncomingCallContext<TArgs, TResult>(
    MethodShape<TArgs, TResult> shape, IIncomingGrainCallFilter[] filters, IGrainContext host, object target, TArgs args, CancellationToken token)
    : CallContext<TArgs, TResult>(shape, args, token), IIncomingGrainCallContext
{
    public override object Grain => target;

    public override GrainId TargetId => host.GrainId;

    public IGrainContext TargetContext => host;

    public MethodInfo ImplementationMethod
    {
        get
        {
            var map = target.GetType().GetInterfaceMap(Shape.Interface);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, Shape.Method)];
        }
    }

    public override object? Result
    {
        get => Response is { Exception: null } response ? response.Result : null;
        set => Response = Response.FromResult(value);
    }

    protected override int FilterCount { get; } = filters.Length + (target is IIncomingGrainCallFilter ? 1 : 0);

    public async Task<TResult> RunAsync()
    {
        await Invoke();

        // A filter that has only looked at the exception has not undone it.
        if (Response!.Exception is { } exception) ExceptionDispatchInfo.Throw(exception);
        return TypedResult(Response);
    }

    protected override Task FilterAsync(int stage) => (stage < filters.Length ? filters[stage] : (IIncomingGrainCallFilter)target).Invoke(this);

    protected override async Task CallAsync()
    {
        try
        {
            // Filters get a copy, as the caller does: what they do to it is not done to the grain.
            Response = Responding(Shape.CopyResult(await Shape.RunAsync(target, Args, Token)));
        }
        catch (Exception exception)
        {
            Response = Response.FromException(exception);
            throw;
        }
    }
}
