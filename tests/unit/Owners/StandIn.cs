using System.Reflection;

namespace OrleansCache.Tests.Owners;

/// <summary>
/// Stands in for an interface whose members the two engines need not agree in, and which no class may implement without being
/// taken for a grain.
/// </summary>
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
