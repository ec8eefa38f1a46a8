using System.Reflection;

namespace OrleansCache.Tests.Owners;

/// <summary>A proxy for a grain interface, which tests cannot implement in a class without Orleans taking that for a grain.</summary>
public class StandIn : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = static (method, _) => throw new NotSupportedException(method.Name);

    public static T For<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var made = Create<T, StandIn>();
        ((StandIn)(object)made)._answer = answer;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
