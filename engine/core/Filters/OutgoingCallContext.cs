using Orleans.Serialization.Invocation;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Filters;

/// <summary>A call between the code that makes it and its departure.</summary>
internal sealed class OutgoingCallContext<TArgs, TResult>(MethodShape<TArgs, TResult> shape, IOutgoingGrainCallFilter[] filters, GrainReference reference, TArgs args, CancellationToken token)
    : CallContext<TArgs, TResult>(shape, args, token), IOutgoingGrainCallContext
{
    public override object Grain => reference;

    public override GrainId TargetId => reference.GrainId;

    public IGrainContext? SourceContext { get; } = TaskScheduler.Current as IGrainContext;

    public override object? Result
    {
        get => (Response ?? throw new InvalidOperationException($"{Shape.FullName} has no result yet.")).Result;
        set => Response = Shape.HasResult ? Response.FromResult((TResult)value!) : Response.FromResult(value);
    }

    protected override int FilterCount => filters.Length;

    public async Task<TResult> SendAsync()
    {
        try
        {
            await Invoke();

            // Nobody looks at the response of a method without a result, as in Orleans: only what is thrown makes its call fail.
            return TypedResult(Response!);
        }
        catch (Exception) when (Shape.Method.ReturnType == typeof(void))
        {
            return default!;
        }
    }

    protected override Task FilterAsync(int stage) => filters[stage].Invoke(this);

    protected override async Task CallAsync() => Response = Responding(await reference.Shared.Calls.Call(Shape, reference.GrainId, Args, Token));
}
