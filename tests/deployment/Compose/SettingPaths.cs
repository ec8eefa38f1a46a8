using System.Globalization;
using System.Reflection;

namespace OrleansCache.Deployment.Tests.Compose;

/// <summary>Says whether a path of names leads to a setting of a type.</summary>
internal static class SettingPaths
{
    public static bool Exists(Type settings, IEnumerable<string> path) => path.Aggregate((Type?)settings, Step) is { } end && IsValue(end);

    private static Type? Step(Type? type, string name)
    {
        if (type is null || IsValue(type))
            return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? type.GetGenericArguments()[0] : null;
        var property = type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        return property is not null && (property.CanWrite || !IsValue(property.PropertyType)) ? property.PropertyType : null;
    }

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);
}
