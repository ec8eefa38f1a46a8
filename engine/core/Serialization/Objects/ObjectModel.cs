using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Orleans;

namespace OrleansCache.Engine.Serialization;

/// <summary>
/// What of a type with <c>[GenerateSerializer]</c> is sent: for each class of its inheritance chain, base first, the members by
/// their ids. Parameters of a record's primary constructor have ids of their own (their position), beside those of
/// the other members; on the wire the former are odd and the latter even.
/// </summary>
internal sealed class ObjectModel
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly List<string> _problems = [];

    private ObjectModel()
    {
    }

    /// <summary>The members, a list for each class of the chain.</summary>
    public List<MemberModel[]> Levels { get; } = [];

    /// <summary>Why values of the type cannot be sent.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public static ObjectModel Of(Type type)
    {
        var model = new ObjectModel();
        model.AddLevels(type);
        return model;
    }

    /// <summary>The model of a type whose fields are all there is to it: tuples and pairs.</summary>
    public static ObjectModel OfFields(Type type)
    {
        var fields = type.GetFields(Declared).OrderBy(f => f.MetadataToken);
        var model = new ObjectModel();
        model.Levels.Add([.. fields.Select((f, i) => new MemberModel((uint)i, f.Name, f.FieldType, f, f, IsImmutable: false))]);
        return model;
    }

    private void AddLevels(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            if (parent.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
                AddLevels(parent);
            else if (!TypeNames.IsFrameworkException(parent))
                _problems.Add($"type {TypeText.Of(parent)} (the base type of {TypeText.Of(type)}) has no [GenerateSerializer]");
        }

        Levels.Add(MembersOf(type));
    }

    private MemberModel[] MembersOf(Type type)
    {
        var parameters = PrimaryParametersOf(type);
        var properties = type.GetProperties(Declared).Where(p => p.GetIndexParameters().Length == 0).ToArray();
        var fields = type.GetFields(Declared);
        var events = type.GetEvents(Declared).Select(e => e.Name).ToHashSet();
        var members = new List<MemberModel>();
        foreach (var property in properties)
        {
            var backing = Array.Find(fields, f => f.Name == $"<{property.Name}>k__BackingField");
            var parameter = Array.FindIndex(parameters, p => p.ParameterType == property.PropertyType && Canonical(p.Name!) == Canonical(property.Name));
            if (property.GetCustomAttribute<IdAttribute>(inherit: false) is { } id)
                AddProperty(members, type, property, backing, id.Id << 1);
            else if (parameter >= 0)
                AddProperty(members, type, property, backing, ((parameters[parameter].GetCustomAttribute<IdAttribute>()?.Id ?? (uint)parameter) << 1) | 1);
            else if (backing is not null && property.GetMethod is not { IsAbstract: true } && !backing.IsDefined(typeof(NonSerializedAttribute)))
                _problems.Add(MissingId(type, property.Name, "property"));
        }

        foreach (var field in fields.Where(f => !f.Name.StartsWith('<') && !f.IsDefined(typeof(NonSerializedAttribute)) && !events.Contains(f.Name)))
        {
            if (field.GetCustomAttribute<IdAttribute>() is { } id)
                members.Add(new MemberModel(id.Id << 1, field.Name, field.FieldType, field, field, field.IsDefined(typeof(ImmutableAttribute))));
            else
                _problems.Add(MissingId(type, field.Name, "field"));
        }

        foreach (var clash in members.GroupBy(m => m.WireId).Where(g => g.Count() > 1))
            _problems.Add($"type {TypeText.Of(type)} has [Id({clash.Key >> 1})] on {string.Join(" and ", clash.Select(m => m.Name))}; each member needs its own");
        return [.. members.OrderBy(m => m.WireId)];
    }

    private void AddProperty(List<MemberModel> members, Type type, PropertyInfo property, FieldInfo? backing, uint wireId)
    {
        var immutable = property.IsDefined(typeof(ImmutableAttribute)) || backing?.IsDefined(typeof(ImmutableAttribute)) == true;
        MemberInfo? read = property.CanRead ? property : backing;
        MemberInfo? write = property.CanWrite ? property : backing;
        if (read is null || write is null)
            _problems.Add($"property {property.Name} of {TypeText.Of(type)} has an [Id] but cannot be {(read is null ? "read" : "set")}; give it a {(read is null ? "getter" : "setter, private or init if you like")}");
        else
            members.Add(new MemberModel(wireId, property.Name, property.PropertyType, read, write, immutable));
    }

    private static string MissingId(Type type, string name, string kind) =>
        $"{kind} {name} of {TypeText.Of(type)} has no [Id]; give it one, or [{(kind == "field" ? "" : "field: ")}NonSerialized] when it is not to be sent";

    private static ParameterInfo[] PrimaryParametersOf(Type type)
    {
        if (!IsRecord(type) && !type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false)!.IncludePrimaryConstructorParameters)
            return [];

        // The compiler writes the primary constructor first, and marks the ones that it makes up.
        return type.GetConstructors(Declared)
            .OrderBy(c => c.MetadataToken)
            .FirstOrDefault(c => !c.IsDefined(typeof(CompilerGeneratedAttribute)))?
            .GetParameters() ?? [];
    }

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", Declared) is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", Declared, [typeof(StringBuilder)])?.IsDefined(typeof(CompilerGeneratedAttribute)) == true);

    private static string Canonical(string name)
    {
        var trimmed = name.TrimStart('_');
        return trimmed.Length == 0 ? trimmed : char.ToLowerInvariant(trimmed[0]) + trimmed[1..];
    }
}
